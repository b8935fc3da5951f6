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
}

/** How far a tool has come: `started` without a result, when the process died meanwhile. */
export type ToolStep = { readonly state: 'started' } | { readonly state: 'finished'; readonly result: ToolResult };

/**
 * What a run has done, each step under its place in the run: `2` is its second turn, `2.0` the first call of it,
 * `2.0/1` the first turn of the agent asked there. A run that goes on after its process died takes the same road
 * again, and finds here what it need not do twice. A step and the event that tells of it are stored together.
 */
export abstract class RunJournal {
  /** Whether an earlier attempt has got anywhere. */
  abstract readonly hasBegun: boolean;
  abstract turn(step: string): ModelReply | undefined;
  abstract tool(step: string): ToolStep | undefined;
  abstract finishTurn(step: string, reply: ModelReply): Promise<void>;
  /** @param isRepeatable it does no harm when nobody remembers that it began. */
  abstract startTool(step: string, fact: RunFact, isRepeatable: boolean): Promise<void>;
  abstract finishTool(step: string, fact: RunFact | undefined, result: ToolResult): Promise<void>;
}

/** Of a run that dies with its process: nothing is kept, only told. */
export class UnkeptJournal extends RunJournal {
  readonly hasBegun = false;

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
}
