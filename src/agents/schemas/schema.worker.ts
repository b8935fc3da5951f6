import { parentPort } from 'node:worker_threads';
import { type CallerSchema, SchemaFault, compileCallerSchema } from './caller.schema.ts';
import { SchemaCache } from './schema.cache.ts';
import { MAX_CHARACTERS } from './schema.size.ts';

// The entry point of the thread that compiles callers' schemas and checks answers. Node can also run this TypeScript file directly.

/** A schema to compile, or an answer to check against one; both are JSON. */
export type SchemaJob =
  | { readonly type: 'compile'; readonly schema: string }
  | { readonly type: 'check'; readonly schema: string; readonly answer: string };

/** The result of a job. */
export type SchemaReply =
  /** `modelSchema` is a ModelSchema as JSON. */
  | { readonly type: 'compiled'; readonly modelSchema: string }
  /** `value` is JSON. */
  | { readonly type: 'fits'; readonly value: string }
  /** `fault` describes the fault of the schema or of the answer. */
  | { readonly type: 'faulty'; readonly fault: string }
  /** The job was nested too deep, or exceeded its limit of CPU time or memory. */
  | { readonly type: 'too costly' }
  /** The schema is not in the cache: it must be compiled first. */
  | { readonly type: 'not compiled' };

/** A compiled schema of 16 KiB takes about 1 MiB. */
const CACHE_LIMITS = { maxEntries: 100, maxCharacters: MAX_CHARACTERS };
/** The first schemas take several times as long as later ones. The warm-up keeps that cost out of the CPU limit of callers. */
const WARM_UPS = 5;
const WARM_UP_PARTS = 10;

const cache = new SchemaCache<CallerSchema>(CACHE_LIMITS);

function perform(job: SchemaJob): SchemaReply {
  try {
    return job.type === 'compile' ? compile(job.schema) : check(job.schema, job.answer);
  } catch (failure) {
    if (failure instanceof SchemaFault) return { type: 'faulty', fault: failure.message };
    if (failure instanceof RangeError) return { type: 'too costly' };
    throw failure;
  }
}

function compile(text: string): SchemaReply {
  const schema = cache.get(text) ?? compileCallerSchema(text);
  cache.set(text, schema);
  return { type: 'compiled', modelSchema: JSON.stringify(schema.modelSchema) };
}

function check(text: string, answer: string): SchemaReply {
  const schema = cache.get(text);
  if (schema === undefined) return { type: 'not compiled' };
  return { type: 'fits', value: schema.check(answer) };
}

/** Compiles a schema with most keywords, as large as an ordinary one may be. */
function warmUp(): void {
  const parts = Array.from({ length: WARM_UP_PARTS }, (_, part) => part);
  const inner = { type: 'object', properties: { kind: { enum: ['x'] }, n: { type: 'number' } }, required: ['kind'] };
  const schema = JSON.stringify({
    type: 'object',
    properties: Object.fromEntries(parts.map((part) => [`o${part}`, warmUpPart(part)])),
    $defs: Object.fromEntries(parts.map((part) => [`D${part}`, inner])),
  });
  const answer = '{"o0":{"p0":"a","p1":[{"kind":"x"}],"p2":"x","p3":null,"p4":0,"p5":{"kind":"x","n":1}}}';
  for (let times = 0; times < WARM_UPS; times++) compileCallerSchema(schema).check(answer);
}

function warmUpPart(part: number): object {
  const kinds = [
    { type: 'string', minLength: 1, maxLength: 100, pattern: `^[a-z]{1,${part + 1}}` },
    { type: 'array', items: { $ref: `#/$defs/D${part}` }, maxItems: 9 },
    { enum: ['x', 'y', null] },
    { type: ['integer', 'null'], minimum: 0 },
    { anyOf: [{ type: 'boolean' }, { const: part }] },
    { $ref: `#/$defs/D${part}`, description: 'A part of it' },
  ];
  const properties = Object.fromEntries(kinds.map((kind, index) => [`p${index}`, kind]));
  return { type: 'object', properties, required: ['p0'], additionalProperties: false };
}

warmUp();
parentPort?.on('message', (job: SchemaJob) => parentPort?.postMessage(perform(job)));
parentPort?.postMessage('ready');
