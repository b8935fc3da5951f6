import { Logger } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelRequest } from '../language.model.js';
import { controlsOf, type ModelControl } from '../model.controls.js';
import { ProviderRefusal } from './provider.refusal.js';

const LOGGER = new Logger('RefusedParameters');

/** Names of a parameter that is also a plain word: in quotes, in a path, or after a colon. */
const named = (word: string): RegExp => new RegExp(`["'\`.:[(] ?${word}\\b`, 'i');

/** The ids of calls are too long or have other characters. They may come from another provider. */
const INVALID_ID =
  /(tool.?call.?id|tool_?use(_?id|\.id)|call_id|tool_calls\[\d+\]\.id)\b.{0,200}(must (be|satisfy)|match pattern|too long)/is;

/** Parts of a request that a model may refuse, and their names in refusals. The request also works without them. */
const PARAMETERS = [
  ['temperature', /\btemperature\b/i],
  ['max_tokens', /\bmax_tokens\b/i],
  ['max_completion_tokens', /\bmax_completion_tokens\b/i],
  ['max_output_tokens', /\bmax_output_tokens\b/i],
  ['maxOutputTokens', /\bmax_?(completion_?|output_?)?tokens\b/i],
  ['detail', named('detail')],
  ['stream_options', /\bstream_options\b|\binclude_usage\b/i],
  [
    'response_format',
    /\bresponse[ _]?(format|mime[ _]?type|schema)|\b(text|output_config)\.format\b|\boutput_format\b|json.?schema|structured output|grammar/i,
  ],
  ['strict', named('strict')],
  ['include', new RegExp(`${named('include').source}|encrypted content is not supported`, 'i')],
  ['store', named('store')],
  ['reasoning_summary', /reasoning[._ ]summar/i],
  ['call_ids', INVALID_ID],
  [
    'returned_data',
    /reasoning|thinking|signature|encrypted[_ ]content|provider_specific_fields|extra_content|\bphase\b/i,
  ],
] as const;
/** Parts that the caller of a run has set. They are never left out. */
const CONTROLS: Readonly<Record<ModelControl, RegExp>> = {
  top_p: /\btop_?p\b/i,
  tool_choice: /\btool_?choice\b/i,
  parallel_tool_calls: /\bparallel_tool_calls\b/i,
  reasoning_effort: /\breasoning[_. ]?effort\b|["'`.]reasoning(?:["'`]|$)/i,
};
export type OptionalParameter = (typeof PARAMETERS)[number][0];
const OUTPUT_LIMITS = /^max/;
/** Without them an answer has no limit. Chat Completions has two: `max_tokens` is replaced, not left out. */
const LAST_OUTPUT_LIMITS: ReadonlySet<string> = new Set([
  'max_completion_tokens',
  'max_output_tokens',
  'maxOutputTokens',
]);

/** Fields of the body that show whether a parameter was sent, if they are not called like it. */
const FIELDS: Partial<Record<OptionalParameter, RegExp>> = {
  // The first option of a request of the AI SDK. In other requests, a tool may have a parameter with this name.
  maxOutputTokens: /^{"maxOutputTokens":/,
  response_format: /"(response_format|responseFormat|format)":/,
  reasoning_summary: /"summary":"(auto|concise|detailed)"/,
  call_ids: /"(tool_call_id|call_id|toolCallId)":/,
  returned_data:
    /"(reasoning(_content|_details)?|thinking_blocks|extra_content|thought_signature|provider_specific_fields|phase|encrypted_content|providerOptions)":|"type":"(reasoning|custom)"/,
};

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
    'only .{0,40}(supported|permitted|allowed|accepted)',
    'must be omitted',
    'may only be',
    'deprecated',
    'failed to parse',
    'must be verified',
  ].join('|'),
  'i',
);
/** The provider cannot read its own data any more: after a change of the key or the model, for example. */
const UNREADABLE_DATA =
  /invalid_encrypted_content|could not be (verified|decrypted)|(invalid|corrupted).{0,20}signature|signature.{0,20}(not valid|invalid)|(thinking|signature|reasoning).{0,80}cannot be modified/i;
/** The value is refused, not the parameter. */
const TOO_LARGE = /maximum|at most|up to|too large|exceed|less than/i;

/** Remembers for each model which parameters it refuses. Later requests to it are sent without them. */
export class RefusedParameters {
  readonly #byModel = new Map<string, Set<OptionalParameter>>();

  /** Begins a call of the model that the request names. */
  begin(request: ModelRequest): CallParameters {
    const { model, isOutputLimitRequired = false } = request;
    const known = this.#byModel.get(model) ?? new Set();
    this.#byModel.set(model, known);
    return new CallParameters({ model, known, isOutputLimitRequired, controls: controlsOf(request) });
  }
}

interface CallOfModel {
  readonly model: string;
  /** Parameters that the model refuses. Shared by all calls of the model. */
  readonly known: Set<OptionalParameter>;
  readonly isOutputLimitRequired: boolean;
  readonly controls: readonly ModelControl[];
}

/** The parameters of one call. */
export class CallParameters {
  readonly #left = new Set<OptionalParameter>();
  /** Known at the beginning. Another call may learn more meanwhile. */
  readonly #refused: ReadonlySet<OptionalParameter>;
  #isDataUnreadable = false;

  constructor(private readonly about: CallOfModel) {
    this.#refused = new Set(about.known);
  }

  accepts(parameter: OptionalParameter): boolean {
    if (this.about.isOutputLimitRequired && LAST_OUTPUT_LIMITS.has(parameter)) return true;
    return !this.#refused.has(parameter) && !this.#left.has(parameter);
  }

  /**
   * Leaves out what the failure refuses. Returns false if it refuses nothing that the body has and can do without.
   *
   * @throws AgentError `model_error` if it refuses the output limit and the request needs one.
   */
  leaveOut(failure: unknown, body: object): boolean {
    if (!(failure instanceof AgentError)) return false;
    const { cause } = failure;
    if (!(cause instanceof ProviderRefusal) || (cause.status !== 400 && cause.status !== 422)) return false;
    const isUnreadable = cause.says(UNREADABLE_DATA);
    const only = isUnreadable ? 'returned_data' : cause.says(INVALID_ID) ? 'call_ids' : undefined;
    if (only === undefined && !cause.says(UNSUPPORTED)) return false;
    const sent = JSON.stringify(body);
    if (only === undefined) this.#assertControlsAccepted(cause);
    const found = PARAMETERS.filter(
      ([name, pattern]) =>
        this.accepts(name) &&
        (only ?? name) === name &&
        (cause.parameter === '' ? cause.says(pattern) : pattern.test(`.${cause.parameter}`) || only !== undefined) &&
        (FIELDS[name] ?? new RegExp(`"${name}":`)).test(sent) &&
        !(OUTPUT_LIMITS.test(name) && cause.says(TOO_LARGE)),
    );
    // A refusal of another parameter may mention thoughts: "`temperature` may only be 1 when thinking is enabled".
    const others = found.filter(([name]) => name !== 'returned_data');
    const refused = others.length > 0 ? others : found;
    const limit = refused.find(([name]) => LAST_OUTPUT_LIMITS.has(name));
    if (limit && this.about.isOutputLimitRequired) {
      const detail = `The model provider refuses ${limit[0]}, which the run needs.`;
      throw new AgentError('model_error', { detail }, { cause });
    }
    for (const [name] of refused) this.#left.add(name);
    this.#isDataUnreadable ||= isUnreadable && refused.length > 0;
    return refused.length > 0;
  }

  /** @throws AgentError `model_error` if the provider refuses a part that the caller of the run has set. */
  #assertControlsAccepted(cause: ProviderRefusal): void {
    const { parameter } = cause;
    const refused = this.about.controls.find((control) =>
      parameter === '' ? cause.says(CONTROLS[control]) : CONTROLS[control].test(`.${parameter}`),
    );
    if (refused === undefined) return;
    const detail = `The model does not support ${refused}, which the request sets.`;
    throw new AgentError('model_error', { detail }, { cause });
  }

  /** Remembers what was left out: the model answered without it. */
  confirm(): void {
    const { model, known } = this.about;
    const parameters = [...this.#left].filter(
      (name) => !known.has(name) && (name !== 'returned_data' || !this.#isDataUnreadable),
    );
    if (parameters.length === 0) return;
    for (const name of parameters) known.add(name);
    const msg = 'the model refuses a part of the requests; it is left out from now on';
    LOGGER.warn({ model, parameters, msg });
  }
}
