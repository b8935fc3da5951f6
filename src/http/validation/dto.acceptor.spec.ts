import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArgumentMetadata, type Type, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { DtoAcceptor } from './dto.acceptor.js';
import { faultsOf } from './request.faults.js';
import { RequestPipe } from './validation.pipe.js';

const LONG = 'x'.repeat(40_000);
const TEXTS = [
  '',
  ' ',
  'a',
  'ab',
  '.',
  '..',
  'a b',
  '\0',
  '\ud800',
  LONG,
  LONG.slice(0, 65),
  'holiday-plans',
  '2026-01-02T03:04:05Z',
  '2026-02-30T03:04:05Z',
  '2026-01-02',
  'https://example.com/hook',
  'http://10.0.0.1/',
  '5',
  '-1',
  'true',
  'null',
];
const NAMES =
  'assistant approve reject role tool tenant chat cancel subscribe queued completed pending day key acme'.split(' ');
const SCALARS = [0, 1, 2, 5, 50, 100, 101, 0.7, -1, 1e9, 2 ** 53, NaN, Infinity, true, false, null, undefined];
const LISTS = [
  [],
  ['chat'],
  ['chat', 'chat'],
  ['admin', 'tasks'],
  [''],
  [1],
  [[]],
  [null],
  Array(200).fill('chat'),
  [{ type: 'text', text: 'hi' }],
  [{ type: 'image_url', url: 'https://example.com/a.png' }],
  [{ type: 'text' }],
];
const OBJECTS: readonly object[] = [
  {},
  { a: 'b' },
  { a: 1 },
  { a: { b: {} } },
  { type: 'object' },
  { type: 'object', properties: {} },
  { message: 'hi' },
  { input: 'hi' },
  { requests_per_minute: 5 },
  { constructor: 1 },
  { deep: JSON.parse('['.repeat(40) + ']'.repeat(40)) },
];
const VALUES: readonly unknown[] = [...TEXTS, ...NAMES, ...SCALARS, ...LISTS, ...OBJECTS];
const ROUNDS = 300;
/** DTOs with conditions on single rules. No caller sends them often. */
const LEFT_TO_CLASS_VALIDATOR = ['NewKey', 'KeyChangesDto'];

/** All classes with rules, as their decorators have registered them, but those of the service's settings. */
async function dtosOf(folder: string): Promise<Type[]> {
  const files = globSync('**/*.ts', { cwd: folder, exclude: ['service/**', '**/*.spec.ts'] }).map((file) => {
    const path = join(folder, file);
    return { path, text: readFileSync(path, 'utf8') };
  });
  const ruled = files.filter(({ text }) => text.includes("from 'class-validator'"));
  await Promise.all(ruled.map(({ path }) => import(path)));
  const names = new Set(
    ruled.flatMap(({ text }) => [...text.matchAll(/^(?:export )?class (\w+)/gm)].map(([, name]) => name)),
  );
  const rules: unknown = Reflect.get(getMetadataStorage(), 'validationMetadatas');
  if (!(rules instanceof Map)) throw new Error('class-validator keeps its rules elsewhere.');
  return [...rules.keys()].filter(isClass).filter(({ name }) => names.has(name));
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function';
}

function rulesOf(dto: Type) {
  return getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
}

/** Validates with class-validator alone. Undefined: it refuses the value. */
async function decide(value: object, metadata: ArgumentMetadata): Promise<unknown> {
  if (faultsOf(value).length > 0) return undefined;
  const copy: unknown = structuredClone(value);
  const pipe = new RequestPipe();
  return await ValidationPipe.prototype.transform.call(pipe, copy, metadata).catch(() => undefined);
}

/** The generator mulberry32, so that a failure can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const dtos = await dtosOf(join(import.meta.dirname, '../..'));

describe('DtoAcceptor', () => {
  const seed = Date.now() % 1_000_000;
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

  it('knows the DTOs of all APIs', () => expect(dtos.length).toBeGreaterThan(20));

  it.each(dtos.map((dto) => [dto.name, dto] as const))('accepts exactly the valid values of %s', async (_, dto) => {
    const acceptor = DtoAcceptor.of(dto);
    if (acceptor === undefined) return expect(LEFT_TO_CLASS_VALIDATOR).toContain(dto.name);
    const metadata: ArgumentMetadata = { type: 'body', metatype: dto };
    const names = [...new Set(rulesOf(dto).map(({ propertyName }) => propertyName))];
    const good = new Map<string, unknown[]>();
    for (const name of names) good.set(name, await passing(dto, name));
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const value: Record<string, unknown> = {};
      // Nearly all fields, or any share of them.
      const share = round % 2 === 0 ? 1.25 : random();
      for (const name of names) {
        const kind = random() / share;
        if (kind < 0.75) value[name] = pick(good.get(name) ?? []);
        else if (kind < 0.8) value[name] = pick(VALUES);
        if (value[name] === undefined && random() < 0.9) Reflect.deleteProperty(value, name);
      }
      if (random() < 0.03) value[pick(['more', '__proto__', 'constructor', 'toString']) ?? ''] = 1;
      const instance = acceptor.accept(value);
      const decided = await decide(value, metadata);
      if (instance) accepted++;
      // The text of a query that becomes a number is left to class-validator.
      const isConverted =
        decided !== undefined &&
        names.some(
          (name) =>
            Reflect.get(value, name) !== undefined &&
            typeof Reflect.get(value, name) !== typeof Reflect.get(Object(decided), name),
        );
      if (instance || !isConverted) expect({ seed, value, decided: instance }).toEqual({ seed, value, decided });
      if (instance) expect(instance.constructor).toBe(dto);
    }
    expect(accepted).toBeGreaterThan(0);
  });

  /** The values that a field may have, whatever the others have. */
  async function passing(dto: Type, name: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const value of VALUES) {
      const errors = await faultyFields(dto, { [name]: value });
      if (!errors.has(name)) found.push(value);
    }
    return found;
  }

  async function faultyFields(dto: Type, value: object): Promise<Set<string>> {
    const refusal: unknown = await new RequestPipe()
      .transform(structuredClone(value), { type: 'body', metatype: dto })
      .then(() => undefined)
      .catch((failure: unknown) => failure);
    const errors: unknown = refusal instanceof Error ? Reflect.get(refusal, 'errors') : [];
    if (!Array.isArray(errors)) return new Set();
    return new Set(errors.map(({ field }: { field: string }) => field));
  }
});
