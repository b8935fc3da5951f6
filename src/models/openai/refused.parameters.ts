import { AgentError } from '../../errors/agent.error.js';
import { ProviderRefusal } from './provider.failure.js';

/** Parts of a request that a model may refuse, and their names in refusals. The request also works without them. */
const PARAMETERS = [
  ['temperature', /\btemperature\b/i],
  ['max_tokens', /\bmax_tokens\b/i],
  ['stream_options', /\bstream_options\b|\binclude_usage\b/i],
  ['response_format', /\bresponse_format\b|\btext\.format\b|json.?schema|structured output|grammar/i],
  ['strict', /\bstrict\b/i],
  ['include', /\binclude\b|encrypted content/i],
  ['store', /\bstore\b/i],
  ['phase', /\bphase\b/i],
  ['reasoning_content', /\breasoning_content\b/i],
  ['reasoning_details', /\breasoning_details\b/i],
  ['reasoning', /\breasoning\b/i],
  ['thinking_blocks', /\bthinking_blocks\b/i],
  ['extra_content', /\bextra_content\b|thought_signature/i],
] as const;
export type OptionalParameter = (typeof PARAMETERS)[number][0];

const UNSUPPORTED = new RegExp(
  [
    'unsupported',
    "(not|n't) support",
    'extra[_ ](inputs?|fields?|forbidden)',
    'not (permitted|allowed|accepted|available)',
    'unavailable',
    'un(known|recognized|expected)',
    'cannot find field',
    'additional propert',
    'invalid (param|field|argument)',
    'must be omitted',
    'deprecated',
    'failed to parse',
  ].join('|'),
  'i',
);

/** Remembers for each model which parameters it refuses. Later requests to it are sent without them. */
export class RefusedParameters {
  readonly #byModel = new Map<string, Set<OptionalParameter>>();

  accepts(model: string, parameter: OptionalParameter): boolean {
    return this.#byModel.get(model)?.has(parameter) !== true;
  }

  /**
   * Remembers what the failure refuses. Returns false if it refuses nothing that the body has and can do without.
   *
   * @param tried what this call has already been repeated without. A second refusal of it means something else.
   */
  learn(failure: unknown, { model, body, tried }: RefusedRequest): boolean {
    if (!(failure instanceof AgentError)) return false;
    const { cause } = failure;
    if (!(cause instanceof ProviderRefusal) || (cause.status !== 400 && cause.status !== 422)) return false;
    if (!cause.says(UNSUPPORTED)) return false;
    const sent = JSON.stringify(body);
    const named = PARAMETERS.filter(([name, pattern]) => cause.says(pattern) && isSent(sent, name) && !tried.has(name));
    const blamed = named.filter(([, pattern]) => cause.blames(pattern));
    const dropped = (blamed.length > 0 ? blamed : named).map(([name]) => name);
    const refused = this.#byModel.get(model) ?? new Set();
    for (const name of dropped) {
      refused.add(name);
      tried.add(name);
    }
    this.#byModel.set(model, refused);
    return dropped.length > 0;
  }
}

/** A request that a provider refused. */
export interface RefusedRequest {
  readonly model: string;
  readonly body: object;
  readonly tried: Set<OptionalParameter>;
}

function isSent(body: string, name: OptionalParameter): boolean {
  return (name === 'response_format' ? /"(response_format|format)":/ : new RegExp(`"${name}":`)).test(body);
}
