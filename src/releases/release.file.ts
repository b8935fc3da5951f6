import { plainToInstance } from 'class-transformer';
import { IsInt, IsNumber, IsString, Length, Matches, Max, Min, NotEquals, validateSync } from 'class-validator';
import { isObject } from '../json/json.object.js';
import { IsText, Optional } from '../http/validation/schema.decorator.js';
import { CODE_RELEASE, type ReleasableAgents, type Release } from './release.js';
import { type FileContent, readYaml } from './yaml.text.js';

/** Allowed names of releases. */
const RELEASE_NAME = /^[A-Za-z0-9._-]{1,128}$/;
/** Maximum turns of all agents of a run together. */
const MAX_TURNS = 50;

/** The fields of a release file. */
class ReleaseFile {
  @Matches(RELEASE_NAME, { message: 'name must be 1–128 of A–Z a–z 0–9 . _ -' })
  @NotEquals(CODE_RELEASE, { message: `name must not be "${CODE_RELEASE}", which means the agent without a release` })
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
  @Max(MAX_TURNS)
  max_turns?: number;
}

/** Parses a release file. Returns the release, or all faults. */
export async function readRelease(text: string, agents: ReleasableAgents): Promise<FileContent<Release>> {
  const read = await readYaml(text);
  if ('faults' in read) return read;
  if (!isObject(read.value))
    return { faults: ['it must be a map with name, role and the fields that the release changes'] };
  const file = plainToInstance(ReleaseFile, read.value);
  const faults = validateSync(file, { whitelist: true, forbidNonWhitelisted: true }).flatMap(
    ({ property, constraints = {} }) =>
      Object.entries(constraints).map(([rule, message]) =>
        rule === 'whitelistValidation' ? `unknown field "${property}"` : message,
      ),
  );
  const hasRole = typeof file.role === 'string';
  const { roles, modelNames } = agents;
  if (hasRole && !roles.includes(file.role)) faults.push(`no agent "${file.role}"; offered: ${roles.join(', ')}`);
  if (file.model !== undefined && modelNames?.includes(file.model) === false)
    faults.push(`no provider has the model "${file.model}"; offered: ${modelNames.join(', ')}`);
  if (faults.length > 0) return { faults };
  const { max_turns: maxTurns, ...rest } = file;
  return { value: { ...rest, maxTurns } };
}
