import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf, type SeenEvent, submitTask } from './client.ts';
import { type Member, startFleet } from './fleet.ts';
import { LAST_TURN, Ledger, REPLY, TASK } from './ledger.ts';

export interface WorkOptions {
  readonly tasks: number;
  /** The file that starts the application; undefined: the application as it is. */
  readonly app?: string | undefined;
  /** Processes on one database; more than one need Redis. */
  readonly replicas: number;
  readonly concurrency: number;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
}

export interface ChaosOptions extends WorkOptions {
  readonly kills: number;
}

export interface ChaosReport {
  readonly acknowledged: number;
  readonly completed: number;
  /** Broken guarantees; the aim is none. */
  readonly faults: readonly string[];
  /** Turns that were requested again because an attempt did not finish them. */
  readonly askedAgain: number;
  /** Calls whose outcome was reported to a model as unknown. */
  readonly unknown: number;
  /** Repeated calls of the idempotent tool. */
  readonly repeated: number;
  readonly attempts: number;
  readonly seconds: number;
}

const UPTIME_MS = [300, 1100] as const;
const TIMEOUT_MS = 120_000;

/**
 * Repeatedly kills an application's processes while they work on tasks of three turns with tools. Then checks the
 * results against the guarantees.
 */
export function measureLosses({ kills, ...work }: ChaosOptions): Promise<ChaosReport> {
  return runTasks(work, async (members) => {
    for (let kill = 0; kill < kills; kill++) {
      const victim = members[kill % members.length];
      await sleep(UPTIME_MS[0] + Math.random() * (UPTIME_MS[1] - UPTIME_MS[0]));
      await victim?.end('SIGKILL');
      await victim?.start();
    }
    return [];
  });
}

/**
 * Runs the same check with another fault, which `disturb` injects once all tasks are acknowledged.
 *
 * @param disturb resolves to the ids of further tasks that were acknowledged meanwhile.
 */
export async function runTasks(
  { tasks, replicas, ...places }: WorkOptions,
  disturb: (members: readonly Member[]) => Promise<readonly string[]>,
): Promise<ChaosReport> {
  const beganMs = performance.now();
  const ledger = await Ledger.start();
  const members = await startFleet({ replicas, modelUrl: ledger.url, ...places });
  try {
    const ids = await Promise.all(
      Array.from({ length: tasks }, (_, index) =>
        submitTask(members[index % members.length] ?? members[0], `${TASK}${index}`),
      ),
    );
    const watched = ids.slice(0, 5).map((id) => watch(members, id));
    ids.push(...(await disturb(members)));
    const report = await judge(members, ids, ledger, await Promise.all(watched));
    return { ...report, seconds: (performance.now() - beganMs) / 1000 };
  } finally {
    await Promise.all(members.map((member) => member.end()));
    ledger.stop();
  }
}

/** Follows a task to its end. After each death it reconnects with the number of the last event. */
async function watch(members: readonly Member[], id: string): Promise<{ id: string; seen: SeenEvent[] }> {
  const seen: SeenEvent[] = [];
  const deadline = performance.now() + TIMEOUT_MS;
  for (let turn = 0; performance.now() < deadline; turn++) {
    const url = `${members[turn % members.length]?.url}/tasks/${id}/events`;
    const after = String(seen.at(-1)?.sequence ?? 0);
    try {
      const answer = await fetch(url, {
        headers: { 'last-event-id': after },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.status === 204) return { id, seen };
      if (answer.status !== 200) throw new Error(String(answer.status));
      for await (const event of eventsOf(answer)) seen.push(event);
      if (isFinal(seen.at(-1))) return { id, seen };
    } catch {
      await sleep(50);
    }
  }
  return { id, seen };
}

function isFinal(event: SeenEvent | undefined): boolean {
  return event !== undefined && /^run\.(completed|failed|cancelled)$/.test(event.type);
}

interface TaskAnswer {
  readonly status: string;
  readonly attempt: number;
  readonly result?: { readonly reply: string };
  readonly error?: unknown;
}

async function judge(
  members: readonly Member[],
  ids: readonly string[],
  ledger: Ledger,
  watched: readonly { id: string; seen: SeenEvent[] }[],
): Promise<Omit<ChaosReport, 'seconds'>> {
  const faults: string[] = [];
  const base = members[0]?.url ?? '';
  let completed = 0;
  let attempts = 0;
  for (const id of ids) {
    const task = await finished(base, id);
    attempts += task.attempt;
    if (task.status === 'completed' && task.result?.reply === REPLY) completed++;
    else faults.push(`${id} ended as ${JSON.stringify(task)}`);
    const { seen } = await watch(members, id);
    const gap = seen.findIndex(({ sequence }, index) => sequence !== index + 1);
    if (gap !== -1) faults.push(`${id}: event ${gap + 1} has number ${seen[gap]?.sequence}`);
    if (!isFinal(seen.at(-1))) faults.push(`${id} has no final event`);
    const live = watched.find((each) => each.id === id)?.seen ?? seen;
    if (JSON.stringify(live) !== JSON.stringify(seen))
      faults.push(`${id}: the live events differ from the stored ones`);
  }
  const acknowledged = ids.length;
  return {
    acknowledged,
    completed,
    attempts,
    faults: [...faults, ...faultsOf(ledger, ids.length)],
    ...countsOf(ledger),
  };
}

async function finished(base: string, id: string): Promise<TaskAnswer> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(`${base}/tasks/${id}`).catch(() => undefined);
    const task: TaskAnswer = answer?.ok === true ? JSON.parse(await answer.text()) : { status: 'gone', attempt: 0 };
    if (['completed', 'failed', 'cancelled'].includes(task.status) || performance.now() > deadline) return task;
    await sleep(50);
  }
}

/** Returns the faults that the ledger has recorded. */
function faultsOf({ asked, effects }: Ledger, tasks: number): string[] {
  const faults: string[] = [];
  for (const [task, turns] of asked) {
    // A turn was requested again after a later one had finished, so it was paid twice.
    if (turns.some((turn, index) => turn < (turns[index - 1] ?? 0)))
      faults.push(`${task} requested turns ${turns.join()}`);
    if (turns.at(-1) !== LAST_TURN) faults.push(`${task} never requested its last turn`);
  }
  for (const [key, { kind, count }] of effects) {
    if (kind === 'pay' && count > 1) faults.push(`${key} was paid ${count} times`);
  }
  const noted = [...effects.values()].filter(({ kind }) => kind === 'note').length;
  if (noted !== tasks) faults.push(`${noted} of ${tasks} notes were written`);
  return faults;
}

function countsOf({ asked, effects, unknown }: Ledger): Pick<ChaosReport, 'askedAgain' | 'unknown' | 'repeated'> {
  const turns = [...asked.values()].reduce((sum, each) => sum + each.length, 0);
  const notes = [...effects.values()].filter(({ kind }) => kind === 'note');
  return {
    askedAgain: turns - asked.size * (LAST_TURN + 1),
    unknown,
    repeated: notes.reduce((sum, { count }) => sum + count - 1, 0),
  };
}
