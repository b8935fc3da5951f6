import { parentPort } from 'node:worker_threads';
import { type CallerSchema, SchemaFault, schemaOfCaller } from './caller.schema.ts';
import { SchemaCache } from './schema.cache.ts';
import { MAX_CHARACTERS } from './schema.size.ts';

// The entry of the thread that compiles callers' schemas and checks answers against them. Compiled or not, Node runs
// it as it is.

/** A schema to compile, or an answer to check against one; both are JSON. */
export type SchemaJob =
  | { readonly type: 'compile'; readonly schema: string }
  | { readonly type: 'check'; readonly schema: string; readonly answer: string };

/** What became of a job. */
export type SchemaReply =
  /** `told` is a ToldSchema as JSON. */
  | { readonly type: 'compiled'; readonly told: string }
  /** `value` is JSON. */
  | { readonly type: 'fits'; readonly value: string }
  /** What is wrong with the schema or with the answer, in words. */
  | { readonly type: 'faulty'; readonly fault: string }
  /** The schema or the answer is nested too deep for the stack. */
  | { readonly type: 'too costly' }
  /** The schema is not in the cache: it must be compiled first. */
  | { readonly type: 'not compiled' };

/** A compiled schema of 16 KiB takes about 1 MiB. */
const CACHE_LIMITS = { maxEntries: 100, maxCharacters: MAX_CHARACTERS };
/** The first schemas take several times as long as those after them: they are not a caller's. */
const WARM_UPS = 5;

const cache = new SchemaCache<CallerSchema>(CACHE_LIMITS);

function done(job: SchemaJob): SchemaReply {
  try {
    return job.type === 'compile' ? compile(job.schema) : check(job.schema, job.answer);
  } catch (failure) {
    if (failure instanceof SchemaFault) return { type: 'faulty', fault: failure.message };
    if (failure instanceof RangeError) return { type: 'too costly' };
    throw failure;
  }
}

function compile(text: string): SchemaReply {
  const known = cache.get(text);
  const schema = known ?? schemaOfCaller(text);
  if (known === undefined) cache.set(text, schema);
  return { type: 'compiled', told: JSON.stringify(schema.told) };
}

function check(text: string, answer: string): SchemaReply {
  const schema = cache.get(text);
  if (schema === undefined) return { type: 'not compiled' };
  const checked = schema.check(answer);
  return 'fault' in checked ? { type: 'faulty', fault: checked.fault } : { type: 'fits', value: checked.value };
}

function warmUp(): void {
  const text = { type: 'string', minLength: 1, pattern: '^[a-z]' };
  const properties = { a: text, b: { type: 'array', items: { $ref: '#/$defs/C' } }, c: { type: ['integer', 'null'] } };
  const inner = { type: 'object', properties: { kind: { enum: ['x', 'y'] }, n: { minimum: 0 } }, required: ['kind'] };
  const schema = JSON.stringify({ type: 'object', properties, required: ['a'], $defs: { C: inner } });
  for (let times = 0; times < WARM_UPS; times++) schemaOfCaller(schema).check('{"a":"b","b":[{"kind":"x"}],"c":1}');
}

function tell(message: SchemaReply | 'ready'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
  parentPort?.postMessage(message);
}

warmUp();
parentPort?.on('message', (job: SchemaJob) => tell(done(job)));
tell('ready');
