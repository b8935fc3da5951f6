import type { ModelReply, ModelUsage } from '../models/language.model.js';
import type { RunFact } from './run.events.js';

/** The result of a tool, as the model is told of it. */
export interface ToolResult {
  readonly content: string;
  /** The content says why the call failed. */
  readonly isError?: boolean;
  /** How long the call has taken. */
  readonly durationMs?: number;
  /** What an agent that was asked has used. */
  readonly usage?: ModelUsage;
  /** Processes that died while they made the call; set if it is not made again. */
  readonly deaths?: number;
}

/** How far a tool has come: `started` without a result, if the process stopped meanwhile. */
export type ToolStep =
  | {
      readonly state: 'started';
      /** Processes that died while they made the call. */
      readonly deaths: number;
    }
  | { readonly state: 'finished'; readonly result: ToolResult };

/** What is started: a tool that may be repeated, one that may not, or an agent, whose own steps tell more. */
export type StartedWork = 'repeatable' | 'once' | 'agent';

/**
 * What a run has done, each step under its place in the run: `2` is its second turn, `2.0` the first call of it,
 * `2.0/1` the first turn of the agent asked there. A run that goes on after its process died takes the same road
 * again, and finds here what it need not do twice. A step and the event that tells of it are stored together.
 */
export abstract class RunJournal {
  /** Whether an earlier attempt has got anywhere. */
  abstract readonly hasBegun: boolean;
  /** Processes that died in a row while they ran it, or made a call that is still to be made again. */
  abstract readonly crashes: number;
  abstract turn(step: string): ModelReply | undefined;
  abstract tool(step: string): ToolStep | undefined;
  abstract finishTurn(step: string, reply: ModelReply): Promise<void>;
  abstract startTool(step: string, fact: RunFact, work: StartedWork): Promise<void>;
  abstract finishTool(step: string, fact: RunFact | undefined, result: ToolResult): Promise<void>;
  /** Has the next attempt run alone, for so many deaths. */
  abstract becomeSuspect(deaths: number): Promise<void>;
}

/** Of a run that dies with its process: nothing is kept, only told. */
export class UnkeptJournal extends RunJournal {
  readonly hasBegun = false;
  readonly crashes = 0;

  constructor(private readonly tell: (fact: RunFact) => void) {
    super();
  }

  turn(): undefined {
    return undefined;
  }

  tool(): undefined {
    return undefined;
  }

  async finishTurn(): Promise<void> {}

  async startTool(_: string, fact: RunFact): Promise<void> {
    this.tell(fact);
  }

  async finishTool(_: string, fact: RunFact | undefined): Promise<void> {
    if (fact) this.tell(fact);
  }

  async becomeSuspect(): Promise<void> {}
}
