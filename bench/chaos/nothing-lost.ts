import { setTimeout as sleep } from 'node:timers/promises';
import { type AccountOptions, type Accounts, bookFaults, createAccounts, limitedMessage } from './accounts.ts';
import { submitTask } from './client.ts';
import { type Member, memberOf, startFleet } from './fleet.ts';
import { judge, type Judgement, type SubmittedTask, watch } from './judgement.ts';
import { Ledger, TASK } from './ledger.ts';

export interface WorkOptions extends AccountOptions {
  readonly tasks: number;
  /** The file that starts the application; undefined: the application as it is. */
  readonly app?: string | undefined;
  /** Processes on one database; more than one need Redis. */
  readonly replicas: number;
  readonly concurrency: number;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Whether the fault makes the service abort calls of the provider. A kill does not. */
  readonly areCallsAborted?: boolean | undefined;
}

export interface ChaosOptions extends WorkOptions {
  readonly kills: number;
}

export interface ChaosReport extends Judgement {
  readonly seconds: number;
}

/** The processes and tasks of a scenario. */
export interface Work {
  readonly members: readonly Member[];
  readonly ledger: Ledger;
  /** The API key of requests that are not tasks; undefined: none. */
  readonly key: string | undefined;
  /** Submits further tasks, spread over the processes and the callers. @throws Error if one is refused. */
  submit(count: number): Promise<void>;
}

const UPTIME_MS = [300, 1100] as const;
const LIMITED_TASKS = 20;
const WATCHED = 5;

/**
 * Repeatedly kills an application's processes while they work on tasks of three turns with tools. Then checks the
 * results against the guarantees.
 */
export function measureLosses({ kills, ...work }: ChaosOptions): Promise<ChaosReport> {
  return runTasks(work, async ({ members }) => {
    for (let kill = 0; kill < kills; kill++) {
      const victim = members[kill % members.length];
      await sleep(UPTIME_MS[0] + Math.random() * (UPTIME_MS[1] - UPTIME_MS[0]));
      await victim?.end('SIGKILL');
      await victim?.start();
    }
  });
}

/** Runs the same check with another fault, which `disturb` injects once all tasks are acknowledged. */
export async function runTasks(
  { tasks, replicas, auth, budgets, areCallsAborted = false, ...places }: WorkOptions,
  disturb: (work: Work) => Promise<void>,
): Promise<ChaosReport> {
  const beganMs = performance.now();
  const { databaseUrl } = places;
  const accounts = await createAccounts(databaseUrl, { auth, budgets });
  const ledger = await Ledger.start();
  const fleet = { replicas, modelUrl: ledger.url, auth: auth === true ? ('api-key' as const) : undefined };
  const members = await startFleet({ ...fleet, ...places });
  const submitted: SubmittedTask[] = [];
  const submit = async (count: number): Promise<void> => {
    submitted.push(...(await submitTasks(count, submitted.length, members, accounts)));
  };
  try {
    await submit(tasks);
    const watched = submitted.slice(0, WATCHED).map((task) => watch(members, task));
    submitted.push(...(await submitLimited(members, accounts)));
    await disturb({ members, ledger, key: accounts.other?.key, submit });
    const judgement = await judge(members, submitted, ledger, await Promise.all(watched));
    const faults = [...judgement.faults, ...(await bookFaults(databaseUrl, accounts, ledger, areCallsAborted))];
    return { ...judgement, faults, seconds: (performance.now() - beganMs) / 1000 };
  } finally {
    await Promise.all(members.map((member) => member.end()));
    ledger.stop();
  }
}

function submitTasks(
  count: number,
  first: number,
  members: readonly Member[],
  { callers }: Accounts,
): Promise<SubmittedTask[]> {
  const submitOne = async (index: number): Promise<SubmittedTask> => {
    const message = `${TASK}${index}`;
    const account = callers[index % callers.length];
    account?.messages.push(message);
    const id = await submitTask(memberOf(members, index), message, account?.key);
    return { id, key: account?.key, isLimited: false };
  };
  return Promise.all(Array.from({ length: count }, (_, index) => submitOne(first + index)));
}

/** Submits the tasks of the caller whose budget does not cover them. */
async function submitLimited(members: readonly Member[], { limited }: Accounts): Promise<SubmittedTask[]> {
  if (limited === undefined) return [];
  const submitted: SubmittedTask[] = [];
  for (let index = 0; index < LIMITED_TASKS; index++) {
    const message = limitedMessage(index);
    limited.messages.push(message);
    submitted.push({
      id: await submitTask(memberOf(members, 0), message, limited.key),
      key: limited.key,
      isLimited: true,
    });
  }
  return submitted;
}
