import { chat, send } from '../support/clients/client.js';
import { object, string, type Json } from '../support/json.js';
import { CrashingHost } from '../support/service/crashing.host.js';
import { hasPostgres, postgres, redisUrl as findRedis, sqlite } from '../support/storage/stores.js';
import { submitted, taskOf, TASKS } from '../support/clients/tasks.js';
import { Gate, until } from '../support/until.js';
import type { ReplyPlan } from '../support/servers/upstream.plan.js';

const redisUrl = hasPostgres ? await findRedis() : undefined;
const LIMIT_MS = 300_000;
const TIMEOUT_MS = 120_000;
const STOPPED = 'Error: This call stopped the service 3 times. It is not made again.';
const STOPPED_BEFORE = 'Error: die stopped the service 3 times. It is not called again in this run.';
const UNKNOWN =
  'Error: The service stopped while pay ran. Whether it has taken effect is unknown; it was not called again.';
const STOPPED_PAYING = 'Error: pay stopped the service 3 times. It is not called again in this run.';

/** The tests run at the same time, each with a host of its own, because they mostly wait for restarts. */
function onHost(create: () => Promise<CrashingHost>, test: (host: CrashingHost) => Promise<void>) {
  return async (): Promise<void> => {
    const host = await create();
    try {
      await test(host);
    } finally {
      await host.remove();
    }
  };
}

const onSqlite = (test: (host: CrashingHost) => Promise<void>) =>
  onHost(async () => CrashingHost.start(await sqlite.create('poison')), test);

const onReplicas = (test: (host: CrashingHost) => Promise<void>) =>
  onHost(async () => CrashingHost.start(await postgres.create('poison'), redisUrl), test);

function calls(...names: string[]): ReplyPlan {
  return { does: 'reply', toolCalls: names.map((name, index) => ({ id: `call-${index}`, name, arguments: '{}' })) };
}

/** Returns the task once it has ended; the service may die meanwhile. */
function ended(host: CrashingHost, id: string): Promise<Json> {
  return until(
    'the task has ended',
    async () => {
      const answer = await send(host, `GET ${TASKS}/${id}`).catch(() => undefined);
      const status = string(answer?.body.status);
      return ['completed', 'failed', 'cancelled'].includes(status) && answer?.body;
    },
    TIMEOUT_MS,
  );
}

/** Returns the tasks that did not end with the answer to their own message. */
async function notAnswered(host: CrashingHost, tasks: ReadonlyMap<string, string>): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const [message, id] of tasks) {
    const task = await ended(host, id);
    if (object(task.result).reply !== `Echo: ${message}`) found.push({ message, task });
  }
  return found;
}

async function submitAll(host: CrashingHost, messages: readonly string[]): Promise<Map<string, string>> {
  const ids = await Promise.all(messages.map((message) => submitted(host, { message })));
  return new Map(messages.map((message, index) => [message, ids[index] ?? '']));
}

/** Submits other tasks that stay in one long model turn, or in one long tool, until the gates open. */
async function submitOthers(host: CrashingHost, count: number, gate: Gate): Promise<Map<string, string>> {
  const messages = Array.from({ length: count }, (_, index) => `neighbour ${index}`);
  for (const [index, message] of messages.entries()) {
    const hold = { afterDeltas: 1, until: gate.opened };
    host.upstream.when(message, index % 2 === 0 ? { does: 'reply', hold } : calls('wait'));
  }
  return await submitAll(host, messages);
}

/** Waits until two processes have died while the other tasks run, then lets these finish. */
async function killTwice(host: CrashingHost, others: ReadonlyMap<string, string>, gate: Gate): Promise<void> {
  await until('all run', () => [...others.keys()].every((message) => host.upstream.asked(message)));
  await host.open('die');
  await until('two processes have died', () => host.deaths >= 2, TIMEOUT_MS);
  gate.open();
  await host.open('wait');
}

async function someRuns(host: CrashingHost, tasks: ReadonlyMap<string, string>): Promise<boolean> {
  const found = await Promise.all([...tasks.values()].map((id) => taskOf(host, id)));
  return found.some(({ status }) => status === 'running');
}

/** Fails if the service reported any other task as one that stops the service. */
function expectNoOtherResults(host: CrashingHost, ...poisons: string[]): void {
  const toolResults = host.upstream.requests
    .filter(({ messages }) => messages.some(({ content }) => content.includes('stopped the service')))
    .map(({ messages }) => messages.find(({ role }) => role === 'user')?.content ?? '');
  expect(toolResults.filter((message) => !poisons.includes(message))).toEqual([]);
}

describe('a task whose tool kills its process', () => {
  it.concurrent(
    'kills three processes, gets a tool error and completes, like the other tasks',
    onSqlite(async (host) => {
      const gate = new Gate();
      const others = await submitOthers(host, 20, gate);
      host.upstream.when('poison', calls('die'));
      // A model may ignore the report and call the tool again.
      host.upstream.when(STOPPED, calls('die'));
      const poison = await submitted(host, { message: 'poison' });
      await killTwice(host, others, gate);

      expect(await ended(host, poison)).toMatchObject({ status: 'completed', result: { reply: 'Echo: poison' } });
      expect(await notAnswered(host, others)).toEqual([]);
      expect(host.deaths).toBe(3);
      expect(host.toolResults().toSorted()).toEqual([STOPPED, STOPPED_BEFORE, 'waited'].toSorted());
      expectNoOtherResults(host, 'poison');
      expect(host.output).toMatch(/the process of a run has died/);
    }),
    LIMIT_MS,
  );

  it.concurrent(
    'kills no more beside a task that kills between steps, in a sub-agent with parallel tools',
    onSqlite(async (host) => {
      const gate = new Gate();
      const others = await submitOthers(host, 3, gate);
      const ask = { id: 'ask', name: 'ask_assistant', arguments: '{"message":"deep poison"}' };
      host.upstream.when('poison', { does: 'reply', toolCalls: [ask] });
      host.upstream.when('deep poison', calls('look', 'die', 'look', 'look'));
      const calling = await submitted(host, { message: 'poison', agent_role: 'lead' });
      await until('all run', () => [...others.keys()].every((message) => host.upstream.asked(message)));
      host.upstream.when('deadly', { does: 'reply', text: 'deadly words' });
      const thinking = await submitted(host, { message: 'deadly' });
      await killTwice(host, others, gate);

      expect(await ended(host, calling)).toMatchObject({ status: 'completed', result: { reply: 'Echo: poison' } });
      expect(await ended(host, thinking)).toMatchObject({
        status: 'failed',
        error: {
          error: 'run_interrupted',
          detail: 'The service stopped 3 times in a row while it ran this task, before a step was finished.',
        },
      });
      expect(await notAnswered(host, others)).toEqual([]);
      const last = host.upstream.requests.find(({ messages }) => messages.at(-1)?.content === 'seen');
      expect(last?.messages.slice(-4).map(({ content }) => content)).toEqual(['seen', STOPPED, 'seen', 'seen']);
      expect(host.deaths).toBeLessThanOrEqual(6);
      expectNoOtherResults(host, 'deep poison');
      expect(host.output).toMatch(/a task was given up: its process died again and again/);
    }),
    LIMIT_MS,
  );

  it.concurrent(
    'kills three processes if it is not idempotent, even with different calls',
    onSqlite(async (host) => {
      const gate = new Gate();
      const others = await submitOthers(host, 4, gate);
      host.upstream.when('poison', calls('pay'));
      host.upstream.when(UNKNOWN, calls('pay'));
      const poison = await submitted(host, { message: 'poison' });
      await killTwice(host, others, gate);

      expect(await ended(host, poison)).toMatchObject({ status: 'completed', result: { reply: 'Echo: poison' } });
      expect(await notAnswered(host, others)).toEqual([]);
      expect(host.deaths).toBe(3);
      const last = host.upstream.requests.findLast(({ messages }) =>
        messages.some(({ content }) => content === 'poison'),
      );
      const toolResults = last?.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
      expect(toolResults).toEqual([UNKNOWN, UNKNOWN, UNKNOWN, STOPPED_PAYING]);
      expectNoOtherResults(host, 'poison');
    }),
    LIMIT_MS,
  );

  (redisUrl === undefined ? it.concurrent.skip : it.concurrent)(
    'kills three processes of two replicas, and the other tasks complete',
    onReplicas(async (host) => {
      const gate = new Gate();
      const others = await submitOthers(host, 12, gate);
      host.upstream.when('poison', calls('die'));
      const poison = await submitted(host, { message: 'poison' });
      await killTwice(host, others, gate);

      expect(await ended(host, poison)).toMatchObject({ status: 'completed', result: { reply: 'Echo: poison' } });
      expect(await notAnswered(host, others)).toEqual([]);
      expect(host.deaths).toBe(3);
      expectNoOtherResults(host, 'poison');
    }),
    LIMIT_MS,
  );
});

describe('a chat that kills its process again and again', () => {
  it.concurrent(
    'does not fail a task beside it',
    onSqlite(async (host) => {
      await host.open('die');
      const gate = new Gate();
      const others = await submitOthers(host, 3, gate);
      host.upstream.when('deadly chat', calls('die'));
      await until('all run', () => [...others.keys()].every((message) => host.upstream.asked(message)));
      for (let kill = 1; kill <= 4; kill++) {
        await chat(host, { message: 'deadly chat' }).catch(() => undefined);
        await until('the process has died', () => host.deaths >= kill, TIMEOUT_MS);
        await host.replicas[0].up();
        await until('one of them runs again', () => someRuns(host, others), TIMEOUT_MS);
      }
      gate.open();
      await host.open('wait');
      expect(await notAnswered(host, others)).toEqual([]);
      expect(host.deaths).toBe(4);
      expectNoOtherResults(host);
    }),
    LIMIT_MS,
  );
});
