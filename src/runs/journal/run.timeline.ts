import { isArrayOf, isBoolean, isNumber, isObjectOf, isOptional, isString } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { ModelReply, ModelToolCall, ModelUsage } from '../../models/language.model.js';
import { cutToCharacters } from '../../models/whole.characters.js';
import { BY_INDEX } from './step.path.js';

/** A run has 50 model calls at most; each answer may have 32 calls that are made. */
const MAX_TURNS = 50;
const MAX_CALLS = MAX_TURNS * 32;
const MAX_TOOL_CHARS = 64;
const MAX_ID_CHARS = 128;
const MAX_MODEL_CHARS = 256;

/** The time of one model call. */
export interface RunTurn {
  /** Its place in the run: `2` is the second turn, `2.0/1` the first turn of an agent that call `2.0` asked. */
  readonly step: string;
  /** The model that answered, as its provider names it; before the answer, the requested one. */
  readonly model: string;
  /** ISO 8601, UTC. Absent: unknown. */
  readonly started_at?: string | undefined;
  /** ISO 8601, UTC. Absent: the model has not answered. */
  readonly finished_at?: string | undefined;
  /** 0 until the model has answered. */
  readonly input_tokens: number;
  /** 0 until the model has answered. */
  readonly output_tokens: number;
  /** In US dollars, at the price when the run ended. Absent: the model has no price, or has not answered. */
  readonly cost?: number | undefined;
}

/** The time of one tool call. */
export interface RunToolCall {
  /** Its place in the run: `2.0` is the first call of turn `2`. */
  readonly step: string;
  /** The name of the tool, as the model sent it. */
  readonly tool: string;
  /** The provider's id of the call. */
  readonly call_id: string;
  /** ISO 8601, UTC. Absent: not started, because it waits for an approval or was refused. */
  readonly started_at?: string | undefined;
  /** ISO 8601, UTC. Absent: not finished. */
  readonly finished_at?: string | undefined;
  /** True if the call failed or was refused. */
  readonly is_error: boolean;
  /** How often the tool was called. A process that dies may make another call necessary. */
  readonly tries: number;
}

/** The times of the turns and tool calls of a run, in the order of their steps. */
export interface Timeline {
  readonly turns: readonly RunTurn[];
  readonly calls: readonly RunToolCall[];
}

/** Times of a step in epoch milliseconds. */
export interface StepTimes {
  startedAt: number | null;
  finishedAt: number | null;
}

/** Returns the cost of a model call in US dollars; undefined if the model has no price. */
type CostOf = (model: string, usage: ModelUsage) => number | undefined;

interface TurnTimes extends StepTimes {
  model: string;
  /** Undefined until the model has answered. */
  usage: ModelUsage | undefined;
}

interface CallTimes extends StepTimes {
  isError: boolean;
  tries: number;
}

/** Collects the times of the turns and tool calls of a run in memory. Times are epoch milliseconds. */
export class RunTimeline {
  readonly #turns = new Map<string, TurnTimes>();
  readonly #calls = new Map<string, CallTimes>();
  /** The calls that each turn requested. */
  readonly #requested = new Map<string, readonly ModelToolCall[]>();

  startTurn(step: string, model: string, now = Date.now()): void {
    if (this.#turns.size >= MAX_TURNS) return;
    this.#turns.set(step, { model, startedAt: now, finishedAt: null, usage: undefined });
  }

  /** Returns the times of the turn. */
  finishTurn(step: string, reply: ModelReply, now = Date.now()): StepTimes {
    const startedAt = this.#turns.get(step)?.startedAt ?? null;
    return this.restoreTurn(step, reply, { startedAt, finishedAt: now });
  }

  /** Returns the given times. */
  restoreTurn(step: string, { model, usage, toolCalls }: ModelReply, times: StepTimes): StepTimes {
    if (toolCalls) this.#requested.set(step, toolCalls);
    if (this.#turns.size < MAX_TURNS || this.#turns.has(step)) {
      this.#turns.set(step, { ...times, model, usage });
    }
    return times;
  }

  /** Returns the times of the call, whose start is its first one. */
  startCall(step: string, now = Date.now()): StepTimes {
    const call = this.#callOf(step);
    call.startedAt ??= now;
    call.tries += 1;
    return call;
  }

  /** Returns the times of the call. */
  finishCall(step: string, isError: boolean, now = Date.now()): StepTimes {
    return Object.assign(this.#callOf(step), { isError, finishedAt: now });
  }

  restoreCall(step: string, times: CallTimes): void {
    Object.assign(this.#callOf(step), times);
  }

  /** Returns the times, and the cost of each turn. */
  toTimeline(costOf: CostOf): Timeline {
    const turns = inOrder(this.#turns).map(([step, { model, startedAt, finishedAt, usage }]) => ({
      step,
      model: cutToCharacters(model, MAX_MODEL_CHARS),
      started_at: toIso(startedAt),
      finished_at: toIso(finishedAt),
      input_tokens: usage?.inputTokens ?? 0,
      output_tokens: usage?.outputTokens ?? 0,
      cost: usage && costOf(model, usage),
    }));
    const calls = inOrder(this.#calls).map(([step, { startedAt, finishedAt, isError, tries }]) => ({
      step,
      tool: cutToCharacters(this.#requestOf(step)?.name ?? '', MAX_TOOL_CHARS),
      call_id: cutToCharacters(this.#requestOf(step)?.callId ?? '', MAX_ID_CHARS),
      started_at: toIso(startedAt),
      finished_at: toIso(finishedAt),
      is_error: isError,
      tries,
    }));
    return { turns, calls };
  }

  #callOf(step: string): CallTimes {
    const known = this.#calls.get(step);
    if (known) return known;
    const call = { startedAt: null, finishedAt: null, isError: false, tries: 0 };
    if (this.#calls.size < MAX_CALLS) this.#calls.set(step, call);
    return call;
  }

  /** The call as the model sent it. It may have invented long names. */
  #requestOf(step: string): ModelToolCall | undefined {
    const dot = step.lastIndexOf('.');
    return this.#requested.get(step.slice(0, dot))?.[Number(step.slice(dot + 1))];
  }
}

function inOrder<T>(steps: ReadonlyMap<string, T>): [string, T][] {
  return steps.size < 2 ? [...steps] : [...steps].toSorted(([one], [other]) => BY_INDEX.compare(one, other));
}

function toIso(epochMs: number | null): string | undefined {
  return epochMs === null ? undefined : new Date(epochMs).toISOString();
}

const times = { started_at: isOptional(isString), finished_at: isOptional(isString) };

const isTimeline = isObjectOf<Timeline>({
  turns: isArrayOf(
    isObjectOf<RunTurn>({
      ...times,
      step: isString,
      model: isString,
      input_tokens: isNumber,
      output_tokens: isNumber,
      cost: isOptional(isNumber),
    }),
  ),
  calls: isArrayOf(
    isObjectOf<RunToolCall>({
      ...times,
      step: isString,
      tool: isString,
      call_id: isString,
      is_error: isBoolean,
      tries: isNumber,
    }),
  ),
});

/** Parses the timeline of a run that is over. @throws StoredJsonError */
export function readTimeline(text: string): Timeline {
  return readStoredJson(text, 'runs.timeline', isTimeline);
}
