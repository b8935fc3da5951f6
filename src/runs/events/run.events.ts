import type { ErrorBody } from '../../errors/agent.error.js';
import type { MessagePart } from '../../models/message.parts.js';

/** The caller's own metadata of a run: names and values. */
export type RunMetadata = Readonly<Record<string, string>>;

/** The agent that answers if the caller does not choose one. */
export const DEFAULT_ROLE = 'assistant';
export const DEFAULT_TEMPERATURE = 0.7;

/** A request to an agent. */
export interface RunRequest {
  /** 1–4000 characters. */
  readonly message: string;
  /** The message with its images, which `message` only mentions; undefined: no images. */
  readonly parts?: readonly MessagePart[] | undefined;
  /** Resumes the session with this id, or starts it; undefined: a new session. */
  readonly session_id?: string | undefined;
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
}

/** The response of a completed run. */
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

/** Fields of every event. */
interface RunEventHead {
  readonly run_id: string;
  /** 1, 2, 3 … within the run. */
  readonly sequence: number;
}

/** An event before it has its sequence number. */
export type RunEventPayload =
  | {
      readonly type: 'run.started';
      readonly session_id: string;
      readonly agent_role: string;
      readonly model: string;
    }
  | {
      /** A new attempt continues: the text since the last completed model turn is void. */
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
      /** The result for the model; `error` replaces it if the call failed or never reached the tool. */
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
 * One event of a run, as every entry point sends it. The last one is always `run.completed`,
 * `run.failed` or `run.cancelled`.
 */
export type RunEvent = RunEventPayload & RunEventHead;

/** An event as it is stored and sent. */
export interface EventFrame {
  readonly sequence: number;
  readonly type: string;
  /** The event as JSON, in one line. */
  readonly data: string;
  /** True for the last event of a run. */
  readonly isFinal: boolean;
}

const HEAD = '{"type":"';

const FINAL: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** Builds the frame of an event with its sequence number. */
export function frame(runId: string, sequence: number, fact: RunEventPayload): EventFrame {
  const { type } = fact;
  return { sequence, type, data: JSON.stringify({ ...fact, run_id: runId, sequence }), isFinal: FINAL.has(type) };
}

/** Builds the frame of a stored line, which begins with the type. */
export function frameOf(sequence: number, data: string): EventFrame {
  const type = data.slice(HEAD.length, data.indexOf('"', HEAD.length));
  return { sequence, type, data, isFinal: FINAL.has(type) };
}
