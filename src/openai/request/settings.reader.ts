import type { RunMetadata } from '../../runs/events/run.events.js';
import { MAX_PAIRS, MAX_VALUE } from '../../runs/api/metadata.limits.js';
import { isStorable } from '../../json/storable.text.js';
import { type BodyFields, invalid, missing } from './body.fields.js';

const MAX_NAME = 64;
const MAX_ROLE = 128;
const MAX_SCHEMA = 16 * 1024;
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;

/** Reads the role of the agent, which is the model here. */
export function readModel(body: BodyFields): string {
  return body.requiredText('model', MAX_ROLE);
}

export function readMetadata(body: BodyFields): RunMetadata | undefined {
  const metadata = body.fields('metadata');
  if (metadata === undefined) return undefined;
  const names = Object.keys(metadata.object);
  if (names.length > MAX_PAIRS) throw invalid('metadata', `metadata must have at most ${MAX_PAIRS} pairs.`);
  return Object.fromEntries(
    names.map((name) => {
      if (name === '' || name.length > MAX_NAME || !isStorable(name)) {
        throw invalid('metadata', `A name in metadata must have 1 to ${MAX_NAME} characters.`);
      }
      return [name, metadata.text(name, MAX_VALUE) ?? ''];
    }),
  );
}

export function readEffort(body: BodyFields, name: string): (typeof EFFORTS)[number] | undefined {
  return body.choice(name, EFFORTS);
}

/**
 * Reads the format of the answer as the schema of a run. Undefined: any text.
 *
 * @param format in the Chat Completions API the schema is nested in `json_schema`.
 */
export function readFormat(format: BodyFields | undefined): object | undefined {
  const type = format?.choice('type', ['text', 'json_object', 'json_schema']) ?? 'text';
  if (format === undefined || type === 'text') return undefined;
  if (type === 'json_object') return { type: 'object' };
  const named = format.fields('json_schema') ?? format;
  const schema = named.fields('schema');
  if (schema === undefined) throw missing(named.pathOf('schema'));
  if (JSON.stringify(schema.object).length <= MAX_SCHEMA) return schema.object;
  throw invalid(named.pathOf('schema'), `${named.pathOf('schema')} must have at most ${MAX_SCHEMA} characters.`);
}

/** Undefined for the default: clients send it, and not every model supports the setting. */
export function unless<T>(common: NoInfer<T>, value: T | undefined): T | undefined {
  return value === common ? undefined : value;
}
