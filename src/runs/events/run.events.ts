import type { ErrorBody } from '../../errors/agent.error.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { MessagePart } from '../../models/message.parts.js';
import type { CallerSettings } from '../request/caller.settings.js';
import type { CallerToolResult, PendingCall } from '../request/caller.tools.js';
import type { TranscriptMessage } from '../request/transcript.messages.js';
import { hasFacts, isRunFact, type RunFact } from './run.facts.js';

/** The caller's own metadata of a run: names and values. */
export type RunMetadata = Readonly<Record<string, string>>;

/** The agent that answers if the caller does not choose one. */
export const DEFAULT_ROLE = 'assistant';
export const DEFAULT_TEMPERATURE = 0.7;

/** A request to an agent. */
export interface RunRequest extends CallerSettings {
  /** 1–4000 characters. It may be left out if there are `messages` or `tool_results`. */
  readonly message?: string | undefined;
  /** The message with its images, which `message` only mentions; undefined: no images. */
  readonly parts?: readonly MessagePart[] | undefined;
  /** Resumes the session with this id, or starts it; undefined: a new session. */
  readonly session_id?: string | undefined;
  /**
   * Begins a new session after the turn of this run, with all that its session had then. That session goes on as before.
   * Erasing it also erases what others have inherited from it.
   */
  readonly fork_from?: string | undefined;
  /**
   * With `session_id`: the run of that session whose turn this one must follow. If another turn follows it, or another run
   * is active there, a new session begins instead, as with `fork_from`.
   */
  readonly continue_after?: string | undefined;
  /** Default: assistant. */
  readonly agent_role?: string | undefined;
  /** 0–2; default: that of the agent's release, else 0.7. */
  readonly temperature?: number | undefined;
  /** JSON Schema of the answer; default: the agent's own, or any text. */
  readonly output_schema?: object | undefined;
  /** The caller's own metadata of the run. */
  readonly metadata?: RunMetadata | undefined;
  /** The release of the agent, which overrides its flag; `code`: the agent as coded. */
  readonly release?: string | undefined;
  /** Results of the calls with which the last run of the session ended. It must have all of them. */
  readonly tool_results?: readonly CallerToolResult[] | undefined;
  /** Goes on without results of the calls with which the last run of the session ended. Default: false. */
  readonly abandon_calls?: boolean | undefined;
  /**
   * A conversation that the caller keeps, in place of that of a session. If the request names a session, they continue
   * it. `message` follows them. At most 1,000 messages with 1,000,000 characters.
   */
  readonly messages?: readonly TranscriptMessage[] | undefined;
  /**
   * False: nothing of the content is stored: no messages, answer, events, failure and metadata. Usage, audit and the
   * idempotency key are. Not for tasks. Default: true.
   */
  readonly store?: boolean | undefined;
}

/** The response of a completed run. */
export interface RunResponse {
  /** The session of the run. */
  readonly session_id: string;
  /** The id of the run. */
  readonly run_id: string;
  /** The answer. If the run has an output schema, it is JSON. */
  readonly reply: string;
  /** Input and output tokens of all model calls of the run. */
  readonly tokens_used: number;
  /** The model that answered, as its provider names it. */
  readonly model: string;
  /** Milliseconds from the request to the answer. */
  readonly processing_time_ms: number;
  /** The model's output limit cut the reply. */
  readonly truncated?: true;
  /** The calls that wait for results of the caller, if the run ended with some. */
  readonly pending_calls?: readonly PendingCall[];
}

/** Fields of every event. */
interface RunEventHead {
  /** The id of the run. */
  readonly run_id: string;
  /** 1, 2, 3 … within the run. */
  readonly sequence: number;
}

/** An event before it has its sequence number. */
export type RunEventPayload =
  | {
      /** The run has begun. */
      readonly type: 'run.started';
      /** The session of the run; a new one if the request named none. */
      readonly session_id: string;
      /** The agent that answers first. */
      readonly agent_role: string;
      /** The model of the agent, as callers see it. */
      readonly model: string;
    }
  | {
      /** A new attempt continues: the text since the last completed model turn is void. */
      readonly type: 'run.restarted';
      /** The number of the attempt, from 2. */
      readonly attempt: number;
    }
  | {
      /** The run waits. A new attempt or the current one continues it. */
      readonly type: 'run.waiting';
      /** `retry`: the model provider failed. `approval`: a tool call waits for a decision. */
      readonly reason: 'retry' | 'approval';
      /** The end of the wait, ISO 8601 UTC. Absent: it has no limit. */
      readonly until?: string;
    }
  | {
      /** A piece of the answer, or of the text before a tool call. */
      readonly type: 'message.delta';
      /** The text of the piece. */
      readonly delta: string;
    }
  | {
      /** Another agent continues the conversation. */
      readonly type: 'handoff';
      /** The role of the agent that ends. */
      readonly from: string;
      /** The role of the agent that continues. */
      readonly to: string;
    }
  | {
      /** A tool begins. */
      readonly type: 'tool.started';
      /** The provider's id of the call. */
      readonly call_id: string;
      /** The name of the tool, as the model reads it. */
      readonly tool: string;
      /** The validated arguments. */
      readonly arguments: unknown;
    }
  | {
      /** A tool call has ended, also if it failed. */
      readonly type: 'tool.completed';
      /** The provider's id of the call. */
      readonly call_id: string;
      /** The name of the tool, as the model reads it. */
      readonly tool: string;
      /** The result for the model; `error` replaces it if the call failed or never reached the tool. */
      readonly output?: string;
      /** The error, as the model reads it. */
      readonly error?: string;
    }
  | {
      /** A tool call waits for a decision. */
      readonly type: 'approval.required';
      /** Identifies the call in the decision. */
      readonly approval_id: string;
      /** The name of the tool, as the model reads it. */
      readonly tool: string;
      /** The validated arguments. */
      readonly arguments: unknown;
      /** The requester cannot decide. Absent: they can. */
      readonly by?: 'another';
    }
  | {
      /** The run has succeeded. */
      readonly type: 'run.completed';
      /** The answer. */
      readonly response: RunResponse;
    }
  | {
      /** The run has failed. Its session stays unchanged. */
      readonly type: 'run.failed';
      /** The failure, as an error response has it. */
      readonly error: ErrorBody;
    }
  | {
      /** The run was cancelled. Its session stays unchanged. */
      readonly type: 'run.cancelled';
      /** Why the run was cancelled. */
      readonly reason: string;
    };

/**
 * One event of a run, as every entry point sends it. The last one is always `run.completed`,
 * `run.failed` or `run.cancelled`.
 */
export type RunEvent = RunEventPayload & RunEventHead;

/** An event as it is stored and sent. */
export interface StoredEvent {
  /** The `sequence` of the event. */
  readonly sequence: number;
  /** The `type` of the event. */
  readonly type: string;
  /** The event as JSON, in one line. */
  readonly data: string;
  /** True for the last event of a run. */
  readonly isFinal: boolean;
  /** Facts that were found before the event. `data` does not have them. Absent: none. */
  readonly facts?: readonly RunFact[];
  /** How many early facts come before the event, after the last one. Absent: none. */
  readonly early?: number;
  /** Only with the type `facts`, which readers ask for: its place after the event with that sequence, from 1. */
  readonly part?: number;
}

const HEAD = '{"type":"';
const FACTS = ',"facts":';
const EARLY = ',"early":';
const NO_FACTS: readonly RunFact[] = [];
const DELTA_HEAD = '{"type":"message.delta","delta":';

const FINAL: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** Numbers an event and converts it to its stored form. */
export function serializeEvent(
  runId: string,
  sequence: number,
  payload: RunEventPayload,
  facts: readonly RunFact[] = NO_FACTS,
): StoredEvent {
  const { type } = payload;
  // Most events are deltas.
  const data =
    type === 'message.delta'
      ? deltaLine(runId, sequence, JSON.stringify(payload.delta))
      : JSON.stringify({ ...payload, run_id: runId, sequence });
  const event = { sequence, type, data, isFinal: FINAL.has(type) };
  return facts.length === 0 ? event : { ...event, facts };
}

/** The line of a delta. Its text is JSON. */
export function deltaLine(runId: string, sequence: number, text: string): string {
  return `${DELTA_HEAD}${text},"run_id":"${runId}","sequence":${sequence}}`;
}

/** The text of a delta, as JSON. Undefined for other events. Parsing the whole event would take longer. */
export function deltaOf({ type, data }: StoredEvent): string | undefined {
  if (type !== 'message.delta') return undefined;
  return data.slice(DELTA_HEAD.length, data.lastIndexOf(',"run_id":'));
}

/** The line of an event, which begins with the type. The fields that `data` lacks follow. */
export function toStoredLine({ type, data, facts, early }: StoredEvent): string {
  if (facts === undefined && early === undefined) return data;
  const end = HEAD.length + type.length + 1;
  const count = early === undefined ? '' : `${EARLY}${early}`;
  return data.slice(0, end) + count + (facts ? FACTS + JSON.stringify(facts) : '') + data.slice(end);
}

/** Reads the event of a stored line. */
export function parseStoredLine(sequence: number, line: string): StoredEvent {
  const end = line.indexOf('"', HEAD.length);
  const type = line.slice(HEAD.length, end);
  const event = withEarly({ sequence, type, data: line, isFinal: FINAL.has(type) }, end + 1);
  return event.data.startsWith(FACTS, end + 1) ? withFacts(event, end + 1) : event;
}

/** Takes the number of early facts out of a line. */
function withEarly(event: StoredEvent, start: number): StoredEvent {
  const { data } = event;
  if (!data.startsWith(EARLY, start)) return event;
  const end = data.indexOf(',', start + EARLY.length);
  return {
    ...event,
    data: data.slice(0, start) + data.slice(end),
    early: Number(data.slice(start + EARLY.length, end)),
  };
}

/** Takes the facts out of a line. */
function withFacts(event: StoredEvent, start: number): StoredEvent {
  const { facts } = readStoredJson(event.data, 'events.body', hasFacts);
  // The line was written by `JSON.stringify`, so the same values have the same length.
  const end = start + FACTS.length + JSON.stringify(facts).length;
  return { ...event, data: event.data.slice(0, start) + event.data.slice(end), facts: facts.filter(isRunFact) };
}
