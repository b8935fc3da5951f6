import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Provider, Type } from '@nestjs/common';
import { INJECTABLE_WATERMARK } from '@nestjs/common/constants.js';
import { agentOptionsOf, Guardrail } from '../../index.js';
import { importModule } from './module.import.js';
import { shareServicePackages } from './service.packages.js';

const execute = promisify(execFile);

/** The providers of modules, and the faults of modules that cannot be loaded. */
export interface ModuleReading {
  readonly providers: readonly Provider[];
  readonly agents: readonly Type<object>[];
  /** The guardrails by the name of their class. */
  readonly guardrails: ReadonlyMap<string, Type<Guardrail>>;
  readonly faults: readonly string[];
}

/**
 * Loads the modules of a folder. Their exported classes with `@Agent` or `@Injectable`, and the exported list
 * `providers`, become providers of the service.
 */
export async function readModules(folder: string, names: readonly string[]): Promise<ModuleReading> {
  const providers = new Set<Provider>();
  const faults: string[] = [];
  if (names.length > 0) await shareServicePackages();
  for (const name of names) {
    const path = join(folder, name);
    try {
      const exported = await importModule(pathToFileURL(path).href);
      for (const [key, value] of Object.entries(exported)) {
        if (key === 'providers') {
          if (isProviderList(value)) for (const each of value) providers.add(each);
          else faults.push(`${name}: providers must be a list, such as [Orders]. Correct it, or rename the export`);
        } else if (isProvider(value)) providers.add(value);
      }
    } catch (failure) {
      const place = placeIn(failure, path) ?? (await placeOfSyntax(path));
      faults.push(`${name}${place}: it cannot be loaded: ${reasonOf(failure)}. Correct or remove it`);
    }
  }
  const types = [...providers].filter((each): each is Type<object> => typeof each === 'function');
  const guardrails = types.filter(isGuardrail);
  return {
    providers: [...providers],
    agents: types.filter((type) => agentOptionsOf(type) !== undefined),
    guardrails: new Map(guardrails.map((type) => [type.name, type])),
    faults,
  };
}

/** Nest checks the entries. */
function isProviderList(value: unknown): value is readonly Provider[] {
  return Array.isArray(value);
}

function isProvider(value: unknown): value is Type<object> {
  return typeof value === 'function' && (Reflect.hasMetadata(INJECTABLE_WATERMARK, value) || isGuardrail(value));
}

function isGuardrail(value: unknown): value is Type<Guardrail> {
  return typeof value === 'function' && value.prototype instanceof Guardrail;
}

/** The line of the module that failed, as in `:3`. */
function placeIn(failure: unknown, path: string): string | undefined {
  const text = failure instanceof Error ? (failure.stack ?? '') : String(failure);
  const [, ...after] = text.split(path);
  return after.map((each) => /^:\d+/.exec(each)?.[0]).find((place) => place !== undefined);
}

/** Node says the line of a syntax error only when it prints the error. */
async function placeOfSyntax(path: string): Promise<string> {
  const failure: unknown = await execute(process.execPath, ['--check', path]).catch((error: unknown) => error);
  return placeIn(failure, path) ?? '';
}

function reasonOf(failure: unknown): string {
  const [first = ''] = String(failure instanceof Error ? failure.message : failure).split('\n');
  return first;
}
