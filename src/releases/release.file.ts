import { plainToInstance } from 'class-transformer';
import { IsInt, IsNumber, IsString, Length, Matches, Max, Min, NotEquals, validateSync } from 'class-validator';
import { IsText, Optional } from '../http/schema.decorator.js';
import { AS_CODED, type Release } from './release.js';
import { readYaml } from './yaml.text.js';

/** What a release may be called. */
const RELEASE_NAME = /^[A-Za-z0-9._-]{1,128}$/;
/** Of all agents of a run together there are no more. */
const MOST_TURNS = 50;

/** The fields of a file. */
class ReleaseFile {
  @Matches(RELEASE_NAME, { message: 'name must be 1–128 of A–Z a–z 0–9 . _ -' })
  @NotEquals(AS_CODED, { message: `name must not be "${AS_CODED}", which is what the agent is without a release` })
  name: string;

  @IsString()
  role: string;

  @Optional()
  @IsString()
  @Length(1, 1000)
  @IsText()
  description?: string;

  @Optional()
  @IsString()
  @Length(1, 100_000)
  @Matches(/\S/, { message: 'instructions must not be empty' })
  @IsText()
  instructions?: string;

  @Optional()
  @Matches(/^[\x21-\x7e]{1,256}$/, { message: 'model must be one word of at most 256 printable characters' })
  model?: string;

  @Optional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(MOST_TURNS)
  max_turns?: number;
}

/** The release that a file holds, or everything that is wrong with it. */
export async function readRelease(
  text: string,
  roles: readonly string[],
): Promise<{ readonly release: Release } | { readonly faults: readonly string[] }> {
  const read = await readYaml(text);
  if ('faults' in read) return read;
  if (!isMap(read.value)) return { faults: ['it must be a map of name, role and what the release changes'] };
  const file = plainToInstance(ReleaseFile, read.value);
  const faults = validateSync(file, { whitelist: true, forbidNonWhitelisted: true }).flatMap(
    ({ property, constraints = {} }) =>
      Object.entries(constraints).map(([rule, message]) =>
        rule === 'whitelistValidation' ? `there is no field "${property}"` : message,
      ),
  );
  const hasRole = typeof file.role === 'string';
  if (hasRole && !roles.includes(file.role)) faults.push(`no agent "${file.role}"; there are: ${roles.join(', ')}`);
  if (faults.length > 0) return { faults };
  const { max_turns: maxTurns, ...rest } = file;
  return { release: { ...rest, maxTurns } };
}

/** A map of YAML, or of JSON. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
