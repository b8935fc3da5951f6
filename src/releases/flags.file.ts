import type { FlagdCore } from '@openfeature/flagd-core';
import { isObject } from '../json/json.object.js';
import { tryParseJson } from '../json/json.text.js';
import { importOptional } from '../async/optional.package.js';
import { bucketsOf, favouring, sharesOf } from './fractional.rules.js';
import { CODE_RELEASE, type Release } from './release.js';
import { type FileContent, readYaml } from './yaml.text.js';

/** Matches the name of a flag that chooses the release of a role. */
const FLAG = /^release\.(.+)$/;
const FIELDS: ReadonlySet<string> = new Set(['state', 'variants', 'defaultVariant', 'targeting', 'metadata']);
/** The schema of flagd tries many alternatives and reports a fault for each one. */
const MAX_SCHEMA_FAULTS = 3;

/** The roles and releases that flags may name. */
export interface Choices {
  readonly roles: readonly string[];
  readonly releases: ReadonlyMap<string, Release>;
}

/** The flags of a folder. */
export interface FolderFlags {
  /** Evaluates them. */
  readonly core: FlagdCore;
  /** Evaluates a flag as for a session to which `fractional` gives the variant, if its share is not 0. */
  favouring(key: string, variant: string): FlagdCore;
  /** The share of the sessions that a flag gives to a release, from 0 to 1. Undefined: it depends on other facts too. */
  shareOf(key: string, release: string): number | undefined;
}

/** Returns the name of the flag that chooses the release of a role. */
export function flagOf(role: string): string {
  return `release.${role}`;
}

/** Parses a file in flagd's format. Returns flags that are ready to be evaluated, or all faults. */
export async function readFlags(text: string, choices: Choices): Promise<FileContent<FolderFlags>> {
  const read = await readYaml(text);
  if ('faults' in read) return read;
  const { value } = read;
  if (!isObject(value) || !isObject(value.flags)) return { faults: ['it must be a map whose field "flags" is a map'] };
  const faults = Object.entries(value.flags).flatMap(([key, flag]) => flagFaults(key, flag, choices));
  const { flags, faults: ofSchema } = await evaluated(value, value.flags);
  return faults.length + ofSchema.length > 0 ? { faults: [...faults, ...ofSchema] } : { value: flags };
}

/** Finds faults that flagd accepts silently. */
function flagFaults(key: string, flag: unknown, choices: Choices): string[] {
  const role = FLAG.exec(key)?.[1];
  if (role === undefined || !choices.roles.includes(role)) {
    return [`unknown flag "${key}"; offered: ${choices.roles.map(flagOf).join(', ')}`];
  }
  if (!isObject(flag)) return [`flag "${key}" must be a map`];
  const variants = isObject(flag.variants) ? flag.variants : {};
  return [
    ...Object.keys(flag)
      .filter((field) => !FIELDS.has(field))
      .map((field) => `unknown field "${field}"`),
    ...Object.entries(variants).flatMap(([variant, name]) => variantFaults(variant, name, role, choices)),
    ...bucketsOf(flag.targeting)
      .filter((variant) => !Object.hasOwn(variants, variant))
      .map((variant) => `fractional names an unknown variant "${variant}"`),
  ].map((fault) => `flag "${key}": ${fault}`);
}

function variantFaults(variant: string, name: unknown, role: string, { releases }: Choices): string[] {
  if (name === CODE_RELEASE) return [];
  const release = typeof name === 'string' ? releases.get(name) : undefined;
  if (release === undefined) return [`its variant "${variant}" names no release: ${JSON.stringify(name)}`];
  return release.role === role ? [] : [`its variant "${variant}" is a release of ${release.role}: ${release.name}`];
}

/** @param all the content of the file, with these flags. */
async function evaluated(
  all: object,
  byKey: Readonly<Record<string, unknown>>,
): Promise<{ flags: FolderFlags; faults: string[] }> {
  const { FlagdCore: Flags, MemoryStorage } = await importOptional(
    '@openfeature/flagd-core',
    'flags.yaml',
    () => import('@openfeature/flagd-core'),
  );
  const faults: string[] = [];
  const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const logger = { ...quiet, warn: (fault: string) => faults.push(fault) };
  // A run evaluates few flags, so compiling the rules does not pay off.
  const options = { disableDynamicCodeGeneration: true };
  const storage = new MemoryStorage(logger, options);
  try {
    storage.setConfigurations(JSON.stringify(all), true);
  } catch (error) {
    faults.push(...schemaFaults(error));
  }
  const favoured = (key: string, variant: string): FlagdCore => {
    const one = new MemoryStorage(quiet, options);
    one.setConfigurations(JSON.stringify({ ...all, flags: { [key]: favouring(byKey[key], variant) } }));
    return new Flags(one, quiet, options);
  };
  const shareOf = (key: string, release: string): number | undefined => {
    const flag = byKey[key];
    const shares = sharesOf(flag);
    const variants = isObject(flag) && isObject(flag.variants) ? Object.entries(flag.variants) : [];
    const own = variants.flatMap(([variant, name]) => (name === release ? [shares?.get(variant) ?? 0] : []));
    return shares && own.reduce((sum, share) => sum + share, 0);
  };
  return { flags: { core: new Flags(storage, logger, options), favouring: favoured, shareOf }, faults };
}

function ignore(): void {}

interface SchemaFault {
  readonly instancePath: string;
  readonly message: string;
}

function isSchemaFault(value: unknown): value is SchemaFault {
  return isObject(value) && typeof value.instancePath === 'string' && typeof value.message === 'string';
}

/** Extracts the faults of the schema. The message has them as JSON after a few words. */
function schemaFaults(error: unknown): string[] {
  const { cause = error } = error instanceof Error ? error : {};
  const message = cause instanceof Error ? cause.message : String(cause);
  const start = message.indexOf('[');
  const listed = tryParseJson(message.slice(start));
  if (!Array.isArray(listed) || !listed.every(isSchemaFault)) return [message];
  const messages = listed.map(({ instancePath, message: fault }) => `${instancePath} ${fault}`.trim());
  return [...new Set(messages)].slice(0, MAX_SCHEMA_FAULTS);
}
