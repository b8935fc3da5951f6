import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf, headersOf, type SeenEvent } from './client.ts';
import type { Member } from './fleet.ts';
import { LAST_TURN, type Ledger, LIMITED, REPLY } from './ledger.ts';

const TIMEOUT_MS = 150_000;
const POLL_INTERVAL_MS = 50;

/** A task that the service has acknowledged. */
export interface SubmittedTask {
  readonly id: string;
  /** The API key of its caller; undefined: none. */
  readonly key: string | undefined;
  /** Whether the budget of its caller may end it. */
  readonly isLimited: boolean;
}

/** The ends of the tasks. */
export interface Judgement {
  /** Tasks that must complete. */
  readonly acknowledged: number;
  readonly completed: number;
  /** Tasks that waited for the provider. */
  readonly waited: number;
  /** Tasks that ended because the budget of their caller was used up. */
  readonly exhausted: number;
  /** Broken guarantees; the aim is none. */
  readonly faults: readonly string[];
  /** Turns that were requested again because an attempt did not finish them. */
  readonly askedAgain: number;
  /** Calls whose outcome was reported to a model as unknown. */
  readonly unknown: number;
  /** Repeated calls of the idempotent tool. */
  readonly repeated: number;
  readonly attempts: number;
}

/** The events of a task. */
interface Watched {
  readonly id: string;
  readonly seen: readonly SeenEvent[];
}

interface TaskAnswer {
  readonly status: string;
  readonly attempt: number;
  readonly result?: { readonly reply: string };
  readonly error?: { readonly error: string };
}

/** Waits for the end of each task, and compares it with the guarantees, its events and the ledger. */
export async function judge(
  members: readonly Member[],
  tasks: readonly SubmittedTask[],
  ledger: Ledger,
  watched: readonly Watched[],
): Promise<Judgement> {
  const faults: string[] = [];
  const counts = { completed: 0, attempts: 0, waited: 0, exhausted: 0 };
  for (const task of tasks) {
    const end = await endOf(members[0]?.url ?? '', task);
    counts.attempts += end.attempt;
    const isCompleted = end.status === 'completed' && end.result?.reply === REPLY;
    const isExhausted = task.isLimited && end.error?.error === 'token_budget_exhausted';
    if (isExhausted) counts.exhausted++;
    else if (!isCompleted) faults.push(`${task.id} ended as ${JSON.stringify(end)}`);
    else if (!task.isLimited) counts.completed++;
    const { seen } = await watch(members, task);
    if (seen.some(({ type }) => type === 'run.waiting')) counts.waited++;
    const live = watched.find(({ id }) => id === task.id)?.seen ?? seen;
    faults.push(...eventFaults(task.id, seen, live));
  }
  const needed = tasks.filter(({ isLimited }) => !isLimited);
  faults.push(...ledgerFaults(ledger, needed));
  return { acknowledged: needed.length, ...counts, faults, ...repetitionsOf(ledger) };
}

/** Follows a task to its end. After each death it reconnects with the number of the last event. */
export async function watch(members: readonly Member[], { id, key }: SubmittedTask): Promise<Watched> {
  const seen: SeenEvent[] = [];
  const deadline = performance.now() + TIMEOUT_MS;
  for (let turn = 0; performance.now() < deadline; turn++) {
    const url = `${members[turn % members.length]?.url}/tasks/${id}/events`;
    const after = String(seen.at(-1)?.sequence ?? 0);
    try {
      const answer = await fetch(url, {
        headers: { 'last-event-id': after, ...headersOf(key) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.status === 204) return { id, seen };
      if (answer.status !== 200) throw new Error(String(answer.status));
      for await (const event of eventsOf(answer)) seen.push(event);
      if (isFinal(seen.at(-1))) return { id, seen };
    } catch {
      await sleep(POLL_INTERVAL_MS);
    }
  }
  return { id, seen };
}

function isFinal(event: SeenEvent | undefined): boolean {
  return event !== undefined && /^run\.(completed|failed|cancelled)$/.test(event.type);
}

async function endOf(base: string, { id, key }: SubmittedTask): Promise<TaskAnswer> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(`${base}/tasks/${id}`, { headers: headersOf(key) }).catch(() => undefined);
    const task: TaskAnswer = answer?.ok === true ? JSON.parse(await answer.text()) : { status: 'gone', attempt: 0 };
    if (['completed', 'failed', 'cancelled'].includes(task.status) || performance.now() > deadline) return task;
    await sleep(POLL_INTERVAL_MS);
  }
}

/** @param live the events as they arrived while the task ran. */
function eventFaults(id: string, seen: readonly SeenEvent[], live: readonly SeenEvent[]): string[] {
  const faults: string[] = [];
  const gap = seen.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap !== -1) faults.push(`${id}: event ${gap + 1} has number ${seen[gap]?.sequence}`);
  if (!isFinal(seen.at(-1))) faults.push(`${id} has no final event`);
  if (JSON.stringify(live) !== JSON.stringify(seen)) faults.push(`${id}: the live events differ from the stored ones`);
  return faults;
}

/** Returns the faults that the ledger has recorded. @param needed the tasks that must complete. */
function ledgerFaults({ asked, effects }: Ledger, needed: readonly SubmittedTask[]): string[] {
  const faults: string[] = [];
  for (const [task, turns] of asked) {
    // A turn was requested again after a later one had finished, so it was paid twice.
    if (turns.some((turn, index) => turn < (turns[index - 1] ?? 0)))
      faults.push(`${task} requested turns ${turns.join()}`);
    if (!task.startsWith(LIMITED) && turns.at(-1) !== LAST_TURN) faults.push(`${task} never requested its last turn`);
  }
  for (const [key, { kind, count }] of effects) {
    if (kind === 'pay' && count > 1) faults.push(`${key} was paid ${count} times`);
  }
  const notes = [...effects].filter(([, { kind }]) => kind === 'note').map(([key]) => key);
  for (const { id } of needed) {
    const count = notes.filter((key) => key.startsWith(id)).length;
    if (count !== 1) faults.push(`${id} has ${count} notes`);
  }
  return faults;
}

function repetitionsOf({ asked, effects, unknown }: Ledger): Pick<Judgement, 'askedAgain' | 'unknown' | 'repeated'> {
  const notes = [...effects.values()].filter(({ kind }) => kind === 'note');
  return {
    askedAgain: [...asked.values()].reduce((sum, turns) => sum + turns.length - new Set(turns).size, 0),
    unknown,
    repeated: notes.reduce((sum, { count }) => sum + count - 1, 0),
  };
}
