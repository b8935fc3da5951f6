import type { ModelReply, ModelUsage } from '../../models/language.model.js';
import type { RunEventPayload } from '../events/run.events.js';
import { RunTimeline } from './run.timeline.js';

/** The result of a tool, as the model receives it. */
export interface ToolResult {
  readonly content: string;
  /** True: the content says why the call failed. */
  readonly isError?: boolean;
  /** Duration of the call. */
  readonly durationMs?: number;
  /** Usage of an agent that was asked. */
  readonly usage?: ModelUsage;
  /** Processes that died during the call; set if the call is not repeated. */
  readonly deaths?: number;
}

/** State of a tool call: `started` without a result if the process stopped during it. */
export type ToolStep =
  | {
      readonly state: 'started';
      /** Processes that died during the call. */
      readonly deaths: number;
      /** Its idempotency key, if it is not that of this run. */
      readonly callKey?: string | undefined;
    }
  | { readonly state: 'finished'; readonly result: ToolResult };

/** Kind of a started step: a repeatable tool, a tool that runs once, or an agent with its own steps. */
export type StepKind = 'repeatable' | 'once' | 'agent';

/**
 * The steps of a run by their place: `2` is its second turn, `2.0` the first call in it, `2.0/1` the first turn of the
 * agent asked there. A resumed run repeats its control flow and takes finished steps from here. A step and its event
 * are stored together.
 */
export abstract class RunJournal {
  /** True if an earlier attempt has finished a turn. */
  abstract readonly hasBegun: boolean;
  /** Deaths in a row during the run, or during a call that is still to be repeated. */
  abstract readonly crashes: number;
  /** Attempts in a row that the provider failed, without a finished step. */
  abstract readonly failures: number;
  /** True once a tool that must not be repeated has begun. */
  abstract readonly hasEffects: boolean;
  /** The times of the steps so far. */
  abstract readonly timeline: RunTimeline;
  abstract turn(step: string): ModelReply | undefined;
  abstract tool(step: string): ToolStep | undefined;
  /** True for a finished step of the task that this one retries: its usage is counted there. */
  abstract isInherited(step: string): boolean;
  abstract finishTurn(step: string, reply: ModelReply): Promise<void>;
  /** @param event undefined for a retry of the call. */
  abstract startTool(step: string, event: RunEventPayload | undefined, work: StepKind): Promise<void>;
  abstract finishTool(step: string, event: RunEventPayload | undefined, result: ToolResult): Promise<void>;
  /** Records these deaths, so that the next attempt runs alone. */
  abstract markSuspect(deaths: number): Promise<void>;
}

/** The journal of a run that ends with its process: keeps the times of its steps, and only emits events. */
export class NoopJournal extends RunJournal {
  readonly hasBegun = false;
  readonly crashes = 0;
  readonly failures = 0;
  readonly timeline = new RunTimeline();

  #hasEffects = false;

  /** @param markEffects called once, before the first tool that must not be repeated. */
  constructor(
    private readonly emit: (event: RunEventPayload) => void,
    private readonly markEffects: () => Promise<void>,
  ) {
    super();
  }

  get hasEffects(): boolean {
    return this.#hasEffects;
  }

  isInherited(): boolean {
    return false;
  }

  turn(): undefined {}
  tool(): undefined {}

  async finishTurn(step: string, reply: ModelReply): Promise<void> {
    this.timeline.finishTurn(step, reply);
  }

  async startTool(step: string, event: RunEventPayload | undefined, work: StepKind): Promise<void> {
    if (work === 'once' && !this.#hasEffects) {
      await this.markEffects();
      this.#hasEffects = true;
    }
    this.timeline.startCall(step);
    if (event) this.emit(event);
  }

  async finishTool(step: string, event: RunEventPayload | undefined, { isError = false }: ToolResult): Promise<void> {
    this.timeline.finishCall(step, isError);
    if (event) this.emit(event);
  }

  async markSuspect(): Promise<void> {}
}
