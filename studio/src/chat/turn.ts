import type { ChatRequestV2, ChatResponseV2, RunEventV2 } from 'rookery/client';
import { errorText, type FailureText } from '../ui/failure.text';

/** A request, and everything that its run has emitted. */
export interface Turn {
  readonly id: string;
  readonly request: ChatRequestV2;
  /** Undefined until the first event. */
  readonly runId: string | undefined;
  /** The number of the last event. */
  readonly sequence: number;
  readonly parts: readonly Part[];
  readonly status: TurnStatus;
  /** Why it failed or was cancelled. */
  readonly failure?: FailureText | undefined;
  readonly response?: ChatResponseV2 | undefined;
}

type TurnStatus = 'running' | 'reconnecting' | 'completed' | 'failed' | 'cancelled';

export type Part = TextPart | ToolPart | ApprovalPart | HandoffPart | NotePart;

interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

export interface ToolPart {
  readonly kind: 'tool';
  readonly callId: string;
  readonly tool: string;
  readonly arguments: unknown;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly startedAt?: number | undefined;
  readonly durationMs?: number | undefined;
}

interface ApprovalPart {
  readonly kind: 'approval';
  readonly approvalId: string;
  readonly tool: string;
  readonly arguments: unknown;
  readonly by?: 'another' | undefined;
  readonly isOpen: boolean;
}

interface HandoffPart {
  readonly kind: 'handoff';
  readonly from: string;
  readonly to: string;
}

interface NotePart {
  readonly kind: 'note';
  readonly text: string;
}

let turns = 0;

/** @param parts what is shown before the answer, such as the results of calls. */
export function newTurn(request: ChatRequestV2, parts: readonly Part[] = []): Turn {
  turns += 1;
  return { id: `turn-${turns}`, request, runId: undefined, sequence: 0, parts, status: 'running' };
}

export function isActive({ status }: Turn): boolean {
  return status === 'running' || status === 'reconnecting';
}

export function isOpenApproval(part: Part): boolean {
  return part.kind === 'approval' && part.isOpen;
}

/** Adds an event to its turn. An event of an unknown type changes nothing but the position. */
export function withEvent(old: Turn, event: RunEventV2, now = performance.now()): Turn {
  const turn: Turn = { ...old, runId: event.run_id, sequence: event.sequence, status: 'running' };
  switch (event.type) {
    case 'message.delta':
      return { ...turn, parts: withText(turn.parts, event.delta) };
    case 'tool.started': {
      const { call_id: callId, tool, arguments: args } = event;
      const parts = [
        ...closed(turn.parts, callId, tool),
        { kind: 'tool', callId, tool, arguments: args, startedAt: now } as const,
      ];
      return { ...turn, parts };
    }
    case 'tool.completed':
      return { ...turn, parts: withResult(turn.parts, event, now) };
    case 'approval.required': {
      const { approval_id: approvalId, tool, arguments: args, by } = event;
      return {
        ...turn,
        parts: [...turn.parts, { kind: 'approval', approvalId, tool, arguments: args, by, isOpen: true }],
      };
    }
    case 'handoff':
      return { ...turn, parts: [...turn.parts, { kind: 'handoff', from: event.from, to: event.to }] };
    case 'run.restarted':
      return { ...turn, parts: [...turn.parts, { kind: 'note', text: `Attempt ${event.attempt} begins.` }] };
    case 'run.waiting':
      if (event.reason === 'approval') return turn;
      return {
        ...turn,
        parts: [...turn.parts, { kind: 'note', text: 'The model provider failed; the run tries again.' }],
      };
    case 'run.completed':
      return { ...completed(turn, event.response), status: 'completed' };
    case 'run.failed':
      return { ...turn, parts: closed(turn.parts), status: 'failed', failure: errorText(event.error) };
    case 'run.cancelled':
      return {
        ...turn,
        parts: closed(turn.parts),
        status: 'cancelled',
        failure: { sentence: event.reason, fields: [] },
      };
    default:
      return turn;
  }
}

/** Adds text to the last part, or begins one. */
function withText(parts: readonly Part[], delta: string): readonly Part[] {
  const last = parts.at(-1);
  if (last?.kind !== 'text') return [...parts, { kind: 'text', text: delta }];
  return [...parts.slice(0, -1), { kind: 'text', text: last.text + delta }];
}

interface Result {
  readonly call_id: string;
  readonly tool: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
}

function withResult(
  parts: readonly Part[],
  { call_id: callId, tool, output, error }: Result,
  now: number,
): readonly Part[] {
  const before = closed(parts, callId, tool);
  const isStarted = before.some((part) => part.kind === 'tool' && part.callId === callId);
  if (!isStarted) return [...before, { kind: 'tool', callId, tool, arguments: undefined, output, error }];
  return before.map((part) => {
    if (part.kind !== 'tool' || part.callId !== callId) return part;
    return { ...part, output, error, durationMs: now - (part.startedAt ?? now) };
  });
}

/** Closes the approval of a call, or without a call all of them: someone has decided. */
function closed(parts: readonly Part[], callId?: string, tool?: string): readonly Part[] {
  const open = parts.filter(isOpenApproval);
  if (open.length === 0) return parts;
  const exact = open.find((part) => part.kind === 'approval' && part.approvalId === callId);
  const oldest = open.find((part) => part.kind === 'approval' && part.tool === tool);
  const ended = callId === undefined ? open : [exact ?? oldest];
  return parts.map((part) => (part.kind === 'approval' && ended.includes(part) ? { ...part, isOpen: false } : part));
}

/** A run that was read late may have sent no text. */
function completed(turn: Turn, response: ChatResponseV2): Turn {
  const hasText = turn.parts.some(({ kind }) => kind === 'text');
  const durations = new Map(response.tool_calls.map((call) => [call.call_id, call.duration_ms]));
  const parts = closed(turn.parts).map((part) =>
    part.kind === 'tool' ? { ...part, durationMs: durations.get(part.callId) ?? part.durationMs } : part,
  );
  const isShown = hasText || response.output === '';
  return { ...turn, response, parts: isShown ? parts : [...parts, { kind: 'text', text: response.output }] };
}

/** The text of a request, without its images. */
export function textOf({ input = '' }: ChatRequestV2): string {
  if (typeof input === 'string') return input;
  return input.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** The images of a request, as URLs. */
export function imagesOf({ input = '' }: ChatRequestV2): readonly string[] {
  return typeof input === 'string' ? [] : input.flatMap((part) => (part.type === 'image_url' ? [part.url] : []));
}
