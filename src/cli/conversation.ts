import { type ApprovalDecision, type RookeryClient, RookeryError, type RunEvent } from '../client/index.js';
import type { Terminal } from './terminal.js';

const MAX_SHOWN = 500;
const DECISION = /^\s*(?:(y|yes)|(no?)(?:\s+(\S.*?))?)\s*$/i;
const HINTS: Readonly<Record<string, string>> = {
  network_error: 'Start the service, or name another one with --url.',
  unexpected_answer: 'Another program may have this address, or a proxy has failed. Name the service with --url.',
  unauthenticated: 'Put an API key into the variable ROOKERY_KEY, or a token into ROOKERY_TOKEN.',
};

/** Who answers, and where the conversation is kept. */
export interface Place {
  /** Undefined: the default agent of the service. */
  role: string | undefined;
  /** Undefined: the next message starts a session. */
  sessionId: string | undefined;
}

/** Sends messages to an agent, shows its answers and its tools, and asks for decisions. */
export class Conversation {
  /** Undefined: no answer is on its way. Empty: the run has not begun. */
  #runId: string | undefined;
  #isCancelling = false;
  #controller = new AbortController();

  constructor(
    private readonly client: RookeryClient,
    private readonly terminal: Terminal,
    readonly place: Place,
  ) {}

  /** Whether an answer is on its way. */
  get isRunning(): boolean {
    return this.#runId !== undefined;
  }

  /** Sends a message and shows the answer. @returns whether the run completed. */
  async send(message: string): Promise<boolean> {
    const { role, sessionId } = this.place;
    const request = { message, ...(role && { agent_role: role }), ...(sessionId && { session_id: sessionId }) };
    this.#controller = new AbortController();
    this.#isCancelling = false;
    this.#runId = '';
    let isCompleted = false;
    try {
      for await (const event of this.client.stream(request, { signal: this.#controller.signal })) {
        this.#runId = event.run_id;
        isCompleted = event.type === 'run.completed';
        await this.#show(event);
      }
    } catch (failure) {
      if (!this.#controller.signal.aborted) this.terminal.note(failureText(failure));
    } finally {
      this.#runId = undefined;
      this.terminal.endLine();
    }
    return isCompleted;
  }

  /** Cancels the run of the answer that is on its way. Leaves it at the second call. */
  async cancel(): Promise<void> {
    const runId = this.#runId;
    if (runId === undefined) return;
    if (runId === '' || this.#isCancelling) return this.#controller.abort();
    this.#isCancelling = true;
    this.terminal.note('Cancelling …');
    this.terminal.abandon();
    try {
      await this.client.runs.cancel(runId);
    } catch (failure) {
      this.terminal.note(failureText(failure));
      this.#controller.abort();
    }
  }

  async #show(event: RunEvent): Promise<void> {
    const { terminal } = this;
    switch (event.type) {
      case 'run.started':
        this.place.sessionId = event.session_id;
        return;
      case 'run.restarted':
        return terminal.note(`Attempt ${event.attempt} begins: the unfinished text above is void.`);
      case 'run.waiting':
        return event.reason === 'retry'
          ? terminal.note('The model provider failed. The run goes on later.')
          : undefined;
      case 'message.delta':
        return terminal.write(event.delta);
      case 'tool.started':
        return terminal.note(`→ ${event.tool} ${shortened(JSON.stringify(event.arguments))}`);
      case 'tool.completed':
        return terminal.note(`← ${shortened(event.error ?? event.output ?? '')}`);
      case 'handoff':
        return terminal.note(`${event.from} hands over to ${event.to}.`);
      case 'approval.required':
        return await this.#decide(event);
      case 'run.failed':
        return terminal.note(`${event.error.error}: ${event.error.detail ?? 'The run failed.'}`);
      case 'run.cancelled':
        return terminal.note(`Cancelled: ${event.reason}`);
      case 'run.completed':
        return event.response.truncated === true ? terminal.note('The model reached its output limit.') : undefined;
    }
  }

  async #decide(event: Extract<RunEvent, { type: 'approval.required' }>): Promise<void> {
    const { run_id: runId, approval_id: approvalId } = event;
    this.terminal.note(`${event.tool} needs an approval: ${JSON.stringify(event.arguments)}`);
    if (event.by === 'another') {
      return this.terminal.note(`Somebody else must decide on ${approvalId} of the run ${runId}.`);
    }
    const decision = await this.#askForDecision();
    if (decision === undefined) return this.#isCancelling ? undefined : await this.cancel();
    try {
      await this.client.runs.decide(runId, approvalId, decision);
    } catch (failure) {
      this.terminal.note(failureText(failure));
    }
  }

  /** Asks until the answer is yes or no; undefined: the input has ended, or the run is cancelled. */
  async #askForDecision(): Promise<ApprovalDecision | undefined> {
    for (;;) {
      const line = await this.terminal.ask('Approve? yes, no, or no and a reason: ');
      if (line === undefined || this.#isCancelling) return undefined;
      const [, yes, no, reason] = DECISION.exec(line) ?? [];
      if (yes !== undefined) return { decision: 'approve' };
      if (no !== undefined) return reason === undefined ? { decision: 'reject' } : { decision: 'reject', reason };
    }
  }
}

/** Says what went wrong, and what to do if the command can know it. */
export function failureText(failure: unknown): string {
  if (!(failure instanceof RookeryError)) return failure instanceof Error ? failure.message : String(failure);
  const hint = HINTS[failure.code];
  return hint === undefined ? failure.message : `${failure.message.replace(/\.?$/, '.')} ${hint}`;
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text;
}
