import type { ModelReply } from '../../models/language.model.js';
import type { StepTable } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import type { EventSource } from '../events/event.appends.js';
import type { EventWriter } from '../events/event.writer.js';
import type { RunRow } from '../run.row.js';
import type { RunEventPayload } from '../events/run.events.js';
import { RunJournal, type StepKind, type ToolResult, type ToolStep } from './run.journal.js';
import { restoreSteps, type StepRow } from './restored.steps.js';
import type { RunTimeline, StepTimes } from './run.timeline.js';
import { isCall } from './step.path.js';
import { readStepUsage } from './stored.step.js';

/** Locks the row until the step is written. The start of a call is not progress: the call may stop the process. */
const LOCK_ATTEMPT = new Statement(`
  update runs set crashes = crashes where run_id = ? and attempt = ? and status = 'running'`);

const SET_CRASHES = new Statement(`
  update runs set crashes = ? where run_id = ? and attempt = ? and status = 'running'`);

const RECORD_PROGRESS = new Statement(`
  update runs set crashes = ?, failures = null where run_id = ? and attempt = ? and status = 'running'`);

const START_STEP = new Statement(`
  insert into steps (run_id, step, state, body, attempt, started_at, tries) values (?, ?, 'started', '', ?, ?, 1)
  on conflict (run_id, step) do update set state = excluded.state, attempt = excluded.attempt,
    started_at = coalesce(steps.started_at, excluded.started_at), tries = coalesce(steps.tries, 0) + 1`);

const FINISH_STEP = new Statement(`
  insert into steps (run_id, step, state, body, started_at, finished_at) values (?, ?, 'finished', ?, ?, ?)
  on conflict (run_id, step) do update set state = excluded.state, body = excluded.body, attempt = null,
    finished_at = excluded.finished_at`);

/** The journal of a task in the database. A finished step is on disk when its promise resolves. */
export class DatabaseJournal extends RunJournal {
  readonly timeline: RunTimeline;
  readonly #turns: ReadonlyMap<string, ModelReply>;
  readonly #tools: Map<string, ToolStep>;
  /** Finished steps of the task that this one retries. */
  readonly #inherited: ReadonlySet<string>;

  #crashes: number;
  #failures: number;
  /** A task keeps its idempotency key in any case. */
  readonly hasEffects = false;

  /** @param steps the steps of earlier attempts. */
  constructor(
    private readonly source: EventSource & Pick<RunRow, 'crashes' | 'failures'>,
    private readonly events: EventWriter,
    steps: readonly StepRow[],
  ) {
    super();
    this.#crashes = source.crashes;
    const { turns, tools, timeline } = restoreSteps(steps);
    this.#turns = turns;
    this.#tools = tools;
    this.timeline = timeline;
    this.#inherited = new Set(steps.flatMap(({ step, inherited }) => (inherited === 1 ? [step] : [])));
    this.#failures = source.failures ?? 0;
  }

  get crashes(): number {
    return this.#crashes;
  }

  get failures(): number {
    return this.#failures;
  }

  get hasBegun(): boolean {
    return this.#turns.size > 0;
  }

  isInherited(step: string): boolean {
    return this.#inherited.has(step);
  }

  turn(step: string): ModelReply | undefined {
    return this.#turns.get(step);
  }

  tool(step: string): ToolStep | undefined {
    return this.#tools.get(step);
  }

  async finishTurn(step: string, reply: ModelReply): Promise<void> {
    // Publishes the text before the turn counts as finished: a new attempt would not emit it again.
    await this.events.flushed();
    await this.#finish(step, JSON.stringify(reply), this.timeline.finishTurn(step, reply));
  }

  async startTool(step: string, event: RunEventPayload | undefined, work: StepKind): Promise<void> {
    const { id, attempt } = this.source;
    const { startedAt } = this.timeline.startCall(step);
    await this.events.commit(
      async (transaction) => {
        if (!(await LOCK_ATTEMPT.expect(transaction, id, attempt))) return false;
        await START_STEP.execute(transaction, id, step, work === 'agent' ? null : attempt, startedAt);
        return true;
      },
      event,
      // Losing the start of a repeatable call does no harm.
      { durability: work === 'once' ? 'disk' : 'process' },
    );
  }

  async finishTool(step: string, event: RunEventPayload | undefined, result: ToolResult): Promise<void> {
    const times = this.timeline.finishCall(step, result.isError === true);
    await this.#finish(step, JSON.stringify(result), times, event);
    this.#tools.set(step, { state: 'finished', result });
  }

  async markSuspect(deaths: number): Promise<void> {
    const { id, attempt } = this.source;
    await this.events.commit((transaction) => SET_CRASHES.expect(transaction, deaths, id, attempt));
  }

  /** Stores a finished step. It is progress, so earlier deaths and failures no longer count. */
  async #finish(
    step: string,
    body: string,
    { startedAt, finishedAt }: StepTimes,
    event?: RunEventPayload,
  ): Promise<void> {
    const { id, attempt } = this.source;
    const crashes = this.#deathsBeside(step);
    await this.events.commit(async (transaction) => {
      if (!(await RECORD_PROGRESS.expect(transaction, crashes, id, attempt))) return false;
      await FINISH_STEP.execute(transaction, id, step, body, startedAt, finishedAt);
      return true;
    }, event);
    this.#crashes = crashes;
    this.#failures = 0;
  }

  /** Deaths of the calls that are still to be repeated. Another finished step does not clear them. */
  #deathsBeside(step: string): number {
    const others = [...this.#tools].filter(([other]) => other !== step);
    return Math.max(0, ...others.map(([, tool]) => (tool.state === 'started' ? tool.deaths : 0)));
  }
}

/** The usage of finished steps: the task's own turns, and the totals of the agents that it asked. */
export function usagesOf(steps: readonly Pick<StepTable, 'step' | 'state' | 'body' | 'inherited'>[]) {
  const finished = steps.filter(({ state, inherited }) => state === 'finished' && inherited !== 1);
  const names = new Set(finished.map(({ step }) => step));
  return finished.flatMap(({ step, body }) => {
    const { model, usage } = readStepUsage(body);
    // A finished call of an agent already contains the usage of the agent's turns.
    const isCounted = !enclosingCalls(step).some((call) => names.has(call));
    // A call may use several models.
    return usage && isCounted ? [{ model: isCall(step) ? undefined : model, usage }] : [];
  });
}

/** The calls that contain the step: for `2.0/1.3/1` these are `2.0` and `2.0/1.3`. */
function enclosingCalls(step: string): string[] {
  const parts = step.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
