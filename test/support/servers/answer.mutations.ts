import { isObject, type Json } from '../json.js';
import type { Random } from '../random.js';
import type { Behaviour } from './provider.behaviours.js';

/** Fields that providers may leave out of any object. */
const OPTIONAL = new Set([
  'id',
  'object',
  'created',
  'created_at',
  'model',
  'role',
  'system_fingerprint',
  'logprobs',
  'annotations',
  'item_id',
]);
const NOVELTIES: readonly unknown[] = [null, 0, '', 'new', [], {}, [{ type: 'new' }], { text: 'No', content: 'No' }];
const END_OF_DATA = 'data: [DONE]\n\n';

/** A changed form of an answer, with the same meaning unless it is cut. */
export interface Mutation {
  readonly what: string;
  readonly texts: readonly Uint8Array[];
  readonly ending: 'end' | 'destroy' | 'stay open';
}

/** Changes a streamed answer in ways that the specifications allow, and cuts some of them. */
export function mutatedStream({ api, events = [], tail = END_OF_DATA }: Behaviour, random: Random): Mutation {
  const changed = withUnknownEvents(
    reordered(
      events.map((event) => mutated(event, random)),
      api,
      random,
    ),
    api,
    random,
  );
  const text = withLineEnds(changed.map((event) => frameOf(event, random)).join('') + tail, random);
  return sent(`${random.below(8) === 0 ? '\uFEFF' : ''}${text}`, random, tail.includes('[DONE]\n\n'));
}

/** Changes a whole answer. */
export function mutatedBody({ body = {} }: Behaviour, random: Random): Mutation {
  const indent = random.below(2) === 0 ? '\n  ' : '';
  return sent(indent + JSON.stringify(mutated(body, random), undefined, random.below(3)) + indent, random, false);
}

function sent(text: string, random: Random, hasEndMark: boolean): Mutation {
  const bytes = Buffer.from(text);
  const isCut = random.below(6) === 0;
  const end = isCut ? cutPlace(text, random) : bytes.length;
  const borders = Array.from({ length: random.below(6) }, () => random.below(end + 1)).toSorted(
    (one, other) => one - other,
  );
  const places = [0, ...borders, end];
  const texts = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
  const endings = ['end', 'destroy', 'stay open'] as const;
  // Without an end mark a reader has to wait for the end of the connection.
  const ending = isCut ? endings[random.below(2)] : endings[hasEndMark ? random.below(3) * random.below(2) : 0];
  return {
    what: `${isCut ? 'cut: ' : ''}${text}`,
    texts: texts.filter(({ length }) => length > 0),
    ending: ending ?? 'end',
  };
}

/** A place to cut at, in bytes: anywhere, or between two events. */
function cutPlace(text: string, random: Random): number {
  const at = random.below(text.length);
  const afterEvent = text.lastIndexOf('\n\n', at) + 2;
  return Buffer.byteLength(text.slice(0, random.below(2) === 0 && afterEvent < at ? afterEvent : at));
}

/** Adds unknown fields and leaves out optional ones. */
function mutated(value: Json, random: Random): Json {
  const kept = Object.entries(value).filter(([name]) => !OPTIONAL.has(name) || random.below(8) !== 0);
  const entries = kept.map(([name, field]): [string, unknown] => [name, mutatedField(field, random)]);
  if (random.below(4) === 0)
    entries.splice(random.below(entries.length + 1), 0, [`x_${random.below(9)}`, novelty(random)]);
  return Object.fromEntries(entries);
}

function mutatedField(field: unknown, random: Random): unknown {
  if (Array.isArray(field)) return field.map((item: unknown) => mutatedField(item, random));
  // The arguments of a call have no fields of the provider.
  return isObject(field) && !('expression' in field) ? mutated(field, random) : field;
}

function novelty(random: Random): unknown {
  return NOVELTIES[random.below(NOVELTIES.length)];
}

/** Exchanges neighbours that describe different items. */
function reordered(events: readonly Json[], api: Behaviour['api'], random: Random): Json[] {
  const result = [...events];
  for (let index = 1; index < result.length; index++) {
    const [one, other] = [result[index - 1], result[index]];
    if (one && other && random.below(3) === 0 && areIndependent(one, other, api)) {
      result.splice(index - 1, 2, other, one);
    }
  }
  return result;
}

function areIndependent(one: Json, other: Json, api: Behaviour['api']): boolean {
  if (api === 'chat') return one.type === 'ping' || other.type === 'ping';
  const isPlaced = [one, other].every((event) => typeof event.output_index === 'number');
  return isPlaced && one.output_index !== other.output_index && !isText(one) && !isText(other);
}

function isText({ type }: Json): boolean {
  return type === 'response.output_text.delta';
}

function withUnknownEvents(events: readonly Json[], api: Behaviour['api'], random: Random): Json[] {
  const unknown = (): Json =>
    api === 'responses'
      ? { type: 'response.novelty', delta: 'No', item: novelty(random) }
      : { id: 'x', object: 'novelty', choices: random.below(2) === 0 ? [] : null };
  return events.flatMap((event) => (random.below(6) === 0 ? [unknown(), event] : [event]));
}

/** One event, with the freedom that server-sent events have. */
function frameOf(event: Json, random: Random): string {
  const space = random.below(3) === 0 ? '' : ' ';
  // A line break within JSON begins another line of data.
  const lines = JSON.stringify(event, undefined, random.below(6) === 0 ? 1 : 0).split('\n');
  const before = ['', ': a comment\n\n', 'id: 7\n', 'retry: 10\n', 'novelty: 1\n'][random.below(5)] ?? '';
  const name = typeof event.type === 'string' && random.below(2) === 0 ? `event:${space}${event.type}\n` : '';
  return `${before}${name}${lines.map((line) => `data:${space}${line}\n`).join('')}\n`;
}

function withLineEnds(text: string, random: Random): string {
  const end = ['\n', '\n', '\r\n', '\r'][random.below(4)] ?? '\n';
  return text.replaceAll('\n', end);
}
