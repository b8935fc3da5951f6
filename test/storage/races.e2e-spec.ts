import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { clusterPlace, embeddedPlace, type Place } from '../../bench/chaos/places.ts';
import { HOST_PRINCIPAL } from '../../src/auth/principal.js';
import { AgentError } from '../../src/errors/agent.error.js';
import {
  Agent,
  type AgentRunnerService,
  Database,
  Guardrail,
  type ModelRequest,
  Tool,
  ToolContext,
} from '../../src/index.js';
import { eventOf } from '../../src/runs/events/stored.event.js';
import { TasksService } from '../../src/tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../src/testing/index.js';
import { Gate, until } from '../support/until.js';

const CROWD = 50;
/** Concurrent tasks whose changes wait for each other's row locks. */
const TASKS = 20;
const END_MS = 40_000;
const FINAL = new Set(['run.completed', 'run.failed', 'run.cancelled']);

let gate = new Gate();
let whenAnswered = (): void => undefined;
const paid: string[] = [];

class Answered extends Guardrail {
  override checkOutput(): undefined {
    whenAnswered();
  }
}

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.', guardrails: [Answered] })
class PayingAgent {
  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    await gate.opened;
    return 'waited';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay({ idempotencyKey }: ToolContext): string {
    paid.push(idempotencyKey);
    return 'paid';
  }
}

const places = [await embeddedPlace(), await clusterPlace()].filter((place) => place !== undefined);

describe.each(places)('concurrent calls with $name', (place) => {
  let apps: readonly TestApp[] = [];

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
    paid.length = 0;
    gate = new Gate();
    whenAnswered = () => undefined;
  });

  afterAll(() => place.remove());

  /** Starts one process on SQLite, or two replicas; `at(index)` returns the tasks of one of them. */
  async function start(...turns: ScriptedTurn[]): Promise<(index: number) => TasksService> {
    const model = new ScriptedModel(...turns);
    const first = await replica(place, model);
    apps = place.name === 'cluster' ? [first, await replica(place, model)] : [first];
    return (index) => (apps[index % apps.length] ?? first).module.get(TasksService);
  }

  function runner(index: number): AgentRunnerService {
    const app = apps[index % apps.length];
    if (!app) throw new Error('No application was started.');
    return app.runner;
  }

  it('start one run with one Idempotency-Key', async () => {
    const at = await start('Once.');
    const idempotencyKey = randomUUID();
    const asked = { message: 'Hello', session_id: randomUUID() };
    const answers = await crowd((index) => at(index).submit(asked, submitter(idempotencyKey)));
    const tasks = answers.map((answer) => answer.status === 'fulfilled' && answer.value);
    const ids = new Set(tasks.map((answer) => answer && answer.task.task_id));
    expect(ids.size).toBe(1);
    expect(tasks.filter((answer) => answer && !answer.isReplayed)).toHaveLength(1);
    const [id] = ids;
    expect(await finished(at(0), id || '')).toMatchObject({ status: 'completed', result: { reply: 'Once.' } });
    expect(await runsOf(asked.session_id)).toHaveLength(1);
  });

  it.each([0, 1, 3, 6, 12])('leave one final state if they cancel a task %d ms after its answer', async (delayMs) => {
    const at = await start([{ tool: 'wait' }], 'Done.');
    const { task } = await at(0).submit({ message: 'Wait' }, submitter());
    const cancelling = Promise.withResolvers<PromiseSettledResult<unknown>[]>();
    const cancel = () => cancelling.resolve(crowd((index) => runner(index).cancel(task.task_id)));
    // Without delay, the cancellations race with the commit that completes the task.
    whenAnswered = () => (delayMs === 0 ? cancel() : void setTimeout(cancel, delayMs));
    gate.open();
    const answers = await cancelling.promise;
    const { status } = await finished(at(0), task.task_id);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : []));
    // A confirmed cancellation is final.
    expect(refusals).toEqual(status === 'completed' ? Array(CROWD).fill('task_already_finished') : []);
    const ends = (await eventsOf(task.task_id)).filter((type) => FINAL.has(type));
    expect(ends).toEqual([`run.${status}`]);
  });

  it('end a task as cancelled or completed if it is suspended or decided meanwhile', async () => {
    const at = await start(
      ...Array.from({ length: 4 * TASKS }, () => ({ messages }: ModelRequest) => {
        return messages.at(-1)?.role === 'user' ? [{ tool: 'pay' }] : 'Paid.';
      }),
    );
    const ends = await crowd(async (index) => {
      const { task } = await at(index).submit({ message: 'Pay' }, submitter());
      const { task_id: id } = task;
      const approvalId = await askedBy(runner(index + 1), id);
      const cancelled = pause(index % 5).then(() => runner(index + 1).cancel(id));
      // Either replica also decides every third task.
      const decided =
        index % 3 === 0 ? runner(index >> 1).decide({ runId: id, approvalId }, { decision: 'approve' }) : 0;
      const [answer] = await Promise.allSettled([cancelled, decided]);
      const refusal = answer.status === 'rejected' ? codeOf(answer.reason) : undefined;
      const { status } = await finished(at(index), id);
      const finals = (await eventsOf(id)).filter((type) => FINAL.has(type));
      return { refusal, status, finals };
    }, TASKS);
    for (const end of ends) {
      const status = end.status === 'fulfilled' && end.value.refusal === undefined ? 'cancelled' : 'completed';
      const refusal = status === 'completed' ? 'task_already_finished' : undefined;
      expect(end).toEqual({ status: 'fulfilled', value: { refusal, status, finals: [`run.${status}`] } });
    }
  });

  it('make one decision on one approval, with one tool call', async () => {
    const at = await start([{ tool: 'pay' }], 'Paid.');
    const { task } = await at(0).submit({ message: 'Pay' }, submitter());
    const suspended = await until('it is suspended', async () => {
      const found = await at(0).get(task.task_id, HOST_PRINCIPAL);
      return found.status === 'waiting_approval' && found;
    });
    const approval = suspended.pending_approvals?.[0]?.approval_id ?? '';
    const answers = await crowd((index) =>
      at(index).decide(task.task_id, approval, { decision: 'approve' }, { ...HOST_PRINCIPAL, id: `key:${index}` }),
    );
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : []));
    expect(refusals).toEqual(Array(CROWD - 1).fill('approval_already_decided'));
    expect(await finished(at(0), task.task_id)).toMatchObject({ status: 'completed', result: { reply: 'Paid.' } });
    expect(paid).toEqual([`${task.task_id}:1.0`]);
  });

  async function runsOf(sessionId: string): Promise<unknown[]> {
    const query = apps[0]?.module.get(Database).query;
    return (await query?.selectFrom('runs').select('run_id').where('session_id', '=', sessionId).execute()) ?? [];
  }

  async function eventsOf(runId: string): Promise<string[]> {
    const events = await apps[0]?.runner.follow(runId);
    return (await Array.fromAsync(events ?? [])).flat().map(({ type }) => type);
  }
});

function replica({ databaseUrl, redisUrl }: Place, model: ScriptedModel): Promise<TestApp> {
  return createTestApp({ model, databaseUrl, redisUrl, providers: [PayingAgent, Answered] });
}

function submitter(idempotencyKey?: string) {
  return { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey };
}

function crowd<T>(call: (index: number) => Promise<T>, size = CROWD): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: size }, (_, index) => call(index)));
}

function finished(tasks: TasksService, id: string) {
  const find = async () => {
    const task = await tasks.get(id, HOST_PRINCIPAL);
    return task.finished_at !== undefined && task;
  };
  return until('the task ends', find, END_MS);
}

/** Returns the id of the task's approval once the task requests it. */
async function askedBy(runner: AgentRunnerService, id: string): Promise<string> {
  for await (const events of (await runner.follow(id)) ?? []) {
    for (const event of events.map(eventOf)) if (event.type === 'approval.required') return event.approval_id;
  }
  throw new Error('The task requested no approval.');
}

async function pause(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick++) await nextTick();
}

function codeOf(reason: unknown): unknown {
  return reason instanceof AgentError ? reason.code : reason;
}
