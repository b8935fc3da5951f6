import type { FlagdCore } from '@openfeature/flagd-core';
import { isObject } from '../json/json.object.js';
import { tryParseJson } from '../json/json.text.js';
import { importOptional } from '../storage/optional.package.js';
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

/** Returns the name of the flag that chooses the release of a role. */
export function flagOf(role: string): string {
  return `release.${role}`;
}

/** Parses a file in flagd's format. Returns flags that are ready to be evaluated, or all faults. */
export async function readFlags(text: string, choices: Choices): Promise<FileContent<FlagdCore>> {
  const read = await readYaml(text);
  if ('faults' in read) return read;
  const { value } = read;
  if (!isObject(value) || !isObject(value.flags)) return { faults: ['it must be a map whose field "flags" is a map'] };
  const faults = Object.entries(value.flags).flatMap(([key, flag]) => flagFaults(key, flag, choices));
  const { flags, faults: ofSchema } = await evaluated(JSON.stringify(value));
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

/** Returns the variants of all `fractional` rules, also of nested ones. */
function bucketsOf(rule: unknown): string[] {
  if (Array.isArray(rule)) return rule.flatMap(bucketsOf);
  if (!isObject(rule)) return [];
  const { fractional, ...others } = rule;
  const buckets: unknown[] = Array.isArray(fractional) ? fractional : [];
  const named = buckets.flatMap((bucket) => {
    const variant: unknown = Array.isArray(bucket) ? bucket[0] : undefined;
    return typeof variant === 'string' ? [variant] : bucketsOf(bucket);
  });
  return [...named, ...Object.values(others).flatMap(bucketsOf)];
}

async function evaluated(json: string): Promise<{ flags: FlagdCore; faults: string[] }> {
  const { FlagdCore: Flags, MemoryStorage } = await importOptional(
    '@openfeature/flagd-core',
    'flags.yaml',
    () => import('@openfeature/flagd-core'),
  );
  const faults: string[] = [];
  const logger = { debug: ignore, info: ignore, warn: (fault: string) => faults.push(fault), error: ignore };
  // A run evaluates few flags, so compiling the rules does not pay off.
  const options = { disableDynamicCodeGeneration: true };
  const storage = new MemoryStorage(logger, options);
  try {
    storage.setConfigurations(json, true);
  } catch (error) {
    faults.push(...schemaFaults(error));
  }
  return { flags: new Flags(storage, logger, options), faults };
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
