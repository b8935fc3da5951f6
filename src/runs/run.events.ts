import type { ErrorBody } from '../errors/agent.error.js';
import type { MessagePart } from '../models/message.parts.js';
import type { RunMetadata } from './run.outcome.js';

/** Who answers when the caller does not choose. */
export const DEFAULT_ROLE = 'assistant';
export const DEFAULT_TEMPERATURE = 0.7;

/** What a caller asks of an agent. */
export interface RunRequest {
  /** 1–4000 characters. */
  readonly message: string;
  /** The same with its images, which `message` only mentions; undefined: it has none. */
  readonly parts?: readonly MessagePart[] | undefined;
  /** Resumes that session, or starts it under that id; undefined: a new one. */
  readonly session_id?: string | undefined;
  /** Default: assistant. */
  readonly agent_role?: string | undefined;
  /** 0–2; default: that of the agent's release, else 0.7. */
  readonly temperature?: number | undefined;
  /** JSON Schema of the answer; default: the agent's own, or any text. */
  readonly output_schema?: object | undefined;
  /** What the caller notes of the run. */
  readonly metadata?: RunMetadata | undefined;
  /** The release of the agent, whatever its flag says; `code`: the agent as it is coded. */
  readonly release?: string | undefined;
}

/** What a completed run answers. */
export interface RunResponse {
  readonly session_id: string;
  readonly run_id: string;
  readonly reply: string;
  /** Input and output tokens of all model calls of the run. */
  readonly tokens_used: number;
  /** The model that answered, as its provider names it. */
  readonly model: string;
  readonly processing_time_ms: number;
  /** The model's output limit cut the reply. */
  readonly truncated?: true;
}

/** What every event carries. */
interface RunEventHead {
  readonly run_id: string;
  /** 1, 2, 3 … within the run. */
  readonly sequence: number;
}

/** An event as the run tells it, before it has its number. */
export type RunFact =
  | {
      readonly type: 'run.started';
      readonly session_id: string;
      readonly agent_role: string;
      readonly model: string;
    }
  | {
      /** A new attempt goes on: the text since the last completed model turn is void. */
      readonly type: 'run.restarted';
      readonly attempt: number;
    }
  | { readonly type: 'message.delta'; readonly delta: string }
  | { readonly type: 'handoff'; readonly from: string; readonly to: string }
  | {
      readonly type: 'tool.started';
      readonly call_id: string;
      readonly tool: string;
      readonly arguments: unknown;
    }
  | {
      readonly type: 'tool.completed';
      readonly call_id: string;
      readonly tool: string;
      /** What the model was given; in its place `error`, when the call failed or never reached the tool. */
      readonly output?: string;
      readonly error?: string;
    }
  | {
      readonly type: 'approval.required';
      readonly approval_id: string;
      readonly tool: string;
      readonly arguments: unknown;
    }
  | { readonly type: 'run.completed'; readonly response: RunResponse }
  | { readonly type: 'run.failed'; readonly error: ErrorBody }
  | { readonly type: 'run.cancelled'; readonly reason: string };

/**
 * One event of a run, in the form in which every door sends it. The last one is always `run.completed`,
 * `run.failed` or `run.cancelled`.
 */
export type RunEvent = RunFact & RunEventHead;

/** An event as it is stored and sent. */
export interface EventFrame {
  readonly sequence: number;
  readonly type: string;
  /** The event as JSON, in one line. */
  readonly data: string;
  /** Nothing follows it. */
  readonly isFinal: boolean;
}

const HEAD = '{"type":"';

const FINAL: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** A fact as the event of that number. */
export function frame(runId: string, sequence: number, fact: RunFact): EventFrame {
  const { type } = fact;
  return { sequence, type, data: JSON.stringify({ ...fact, run_id: runId, sequence }), isFinal: FINAL.has(type) };
}

/** The frame of a stored line. Its type is the first thing in it. */
export function frameOf(sequence: number, data: string): EventFrame {
  const type = data.slice(HEAD.length, data.indexOf('"', HEAD.length));
  return { sequence, type, data, isFinal: FINAL.has(type) };
}

/** The event in the frame. */
export function eventOf({ data }: EventFrame): RunEvent {
  const event: RunEvent = JSON.parse(data);
  return event;
}
