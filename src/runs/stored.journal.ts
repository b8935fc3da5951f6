import type { ModelReply, ModelUsage } from '../models/language.model.js';
import type { Database, WriteOptions } from '../storage/database.js';
import type { StepTable } from '../storage/schema.js';
import { Statement } from '../storage/statement.js';
import type { EventSource } from './event.appends.js';
import type { EventWriter } from './event.writer.js';
import type { RunFact } from './run.events.js';
import { RunJournal, type ToolResult, type ToolStep } from './run.journal.js';

/** A step done is progress: the crashes before it count no more. The row stays locked until the step is written. */
const STILL_MINE = new Statement(`
  update runs set crashes = 0 where run_id = ? and attempt = ? and status = 'running'`);

const WRITE = new Statement(`
  insert into steps (run_id, step, state, body) values (?, ?, ?, ?)
  on conflict (run_id, step) do update set state = excluded.state, body = excluded.body`);

/** The journal of a task, in the database: a step is on the disk when its promise resolves. */
export class StoredJournal extends RunJournal {
  readonly #turns = new Map<string, ModelReply>();
  readonly #tools = new Map<string, ToolStep>();

  private constructor(
    private readonly source: EventSource,
    private readonly events: EventWriter,
  ) {
    super();
  }

  /** The journal of an attempt, with what earlier ones have done. */
  static async open(source: EventSource, events: EventWriter, database: Database): Promise<StoredJournal> {
    const journal = new StoredJournal(source, events);
    const rows = await database.query.selectFrom('steps').selectAll().where('run_id', '=', source.id).execute();
    for (const { step, state, body } of rows) {
      if (state === 'started') journal.#tools.set(step, { state });
      else if (isCall(step)) journal.#tools.set(step, { state, result: JSON.parse(body) });
      else journal.#turns.set(step, JSON.parse(body));
    }
    return journal;
  }

  get hasBegun(): boolean {
    return this.#turns.size > 0;
  }

  turn(step: string): ModelReply | undefined {
    return this.#turns.get(step);
  }

  tool(step: string): ToolStep | undefined {
    return this.#tools.get(step);
  }

  async finishTurn(step: string, reply: ModelReply): Promise<void> {
    // Its text is shown before it counts as done: a new attempt would not tell it again.
    await this.events.flushed();
    await this.#write({ step, state: 'finished', body: JSON.stringify(reply) });
  }

  async startTool(step: string, fact: RunFact, isRepeatable: boolean): Promise<void> {
    await this.#write({ step, state: 'started', body: '' }, fact, { durability: isRepeatable ? 'process' : 'disk' });
  }

  async finishTool(step: string, fact: RunFact | undefined, result: ToolResult): Promise<void> {
    await this.#write({ step, state: 'finished', body: JSON.stringify(result) }, fact);
  }

  async #write(
    { step, state, body }: Omit<StepTable, 'run_id'>,
    fact?: RunFact,
    options?: WriteOptions,
  ): Promise<void> {
    const { id, attempt } = this.source;
    await this.events.commit(
      async (transaction) => {
        if (!(await STILL_MINE.hits(transaction, id, attempt))) return false;
        await WRITE.run(transaction, id, step, state, body);
        return true;
      },
      fact,
      options,
    );
  }
}

/** What the finished steps of a task have used: its own turns, and of the agents that it asked what they used in all. */
export function usagesOf(steps: readonly StepTable[]): StepUsage[] {
  const finished = steps.filter(({ state }) => state === 'finished');
  const names = new Set(finished.map(({ step }) => step));
  return finished.flatMap(({ step, body }) => {
    const { model, usage }: { model?: string; usage?: ModelUsage } = JSON.parse(body);
    // What an agent that was asked has used stands with the call, once that is done.
    const isCounted = !callsAround(step).some((call) => names.has(call));
    return usage && isCounted ? [{ model: isCall(step) ? undefined : model, usage }] : [];
  });
}

/** The calls that the step stands within: of `2.0/1.3/1` these are `2.0` and `2.0/1.3`. */
function callsAround(step: string): string[] {
  const parts = step.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** What one step has used. */
export interface StepUsage {
  /** Undefined: several, perhaps. */
  readonly model: string | undefined;
  readonly usage: ModelUsage;
}

/** `2.0` is a call, `2` and `2.0/1` are turns. */
function isCall(step: string): boolean {
  return step.slice(step.lastIndexOf('/') + 1).includes('.');
}
