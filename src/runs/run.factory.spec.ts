import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { Agent, AgentError, Database } from '../index.js';
import { ClaimsRepository } from '../tasks/claims/claims.repository.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import type { AgentExecution } from './loop/agent.execution.js';
import { RunEngine } from './run.engine.js';
import { type RunCommand, RunFactory } from './run.factory.js';
import type { RunRow } from './run.row.js';
import { RunsRepository } from './runs.repository.js';

const ADA: Principal = { tenant: 'acme', id: 'key:1', endUser: 'ada', scopes: ['chat', 'tasks'] };
const SCHEMA = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
const TIMEOUT_MS = 10_000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', model: 'gpt-test' })
class AssistantAgent {}

let app: TestApp;
let factory: RunFactory;

beforeEach(async () => {
  app = await createTestApp({ model: new ScriptedModel('Hello.'), providers: [AssistantAgent] });
  factory = app.module.get(RunFactory);
});
afterEach(() => app.close());

function commandOf(kind: RunCommand['kind'], given: Partial<RunCommand> = {}): RunCommand {
  return { kind, request: { message: 'Hi' }, principal: HOST_PRINCIPAL, requestId: 'request-1', ...given };
}

/** Stores the planned run and builds it. */
async function created(command: RunCommand): Promise<AgentExecution> {
  const plan = await factory.plan(command);
  expect(await app.module.get(RunsRepository).begin(plan.row, plan.key, { opening: plan.opening })).toBe('begun');
  return await factory.create(plan, TIMEOUT_MS);
}

async function claimed(command: RunCommand): Promise<RunRow> {
  const { row } = await factory.plan(command);
  await app.module.get(RunsRepository).begin(row);
  const claim = await app.module.get(ClaimsRepository).claim(row.run_id, undefined);
  if (claim === undefined || claim === 'suspect') throw new Error('The task was not claimed.');
  return claim;
}

/** Ends the run, so that its timer stops. */
async function end(execution: AgentExecution): Promise<void> {
  await app.module.get(RunEngine).execute(execution);
}

describe('the plan of a run', () => {
  it('stores a chat as a running row without its request and scopes', async () => {
    const request = { message: 'Hi', session_id: 's-1', metadata: { order: '7' } };
    const { row, key } = await factory.plan(commandOf('chat', { request, principal: ADA }));
    expect(row).toMatchObject({
      tenant: 'acme',
      session_id: 's-1',
      agent_role: 'assistant',
      model: 'gpt-test',
      release: 'code',
      releases: null,
      kind: 'chat',
      status: 'running',
      attempt: 1,
      holds_session: 1,
      caller: 'key:1',
      end_user: 'ada',
      scopes: null,
      request: null,
      metadata: '{"order":"7"}',
      request_id: 'request-1',
      has_events: null,
    });
    expect(row.claimed_at).toBe(row.started_at);
    expect(key).toBeUndefined();
  });

  it('stores a task as a queued row with all that a later attempt needs', async () => {
    const request = { message: 'Hi', temperature: 0.5 };
    const command = commandOf('task', { request, principal: ADA, webhookUrl: 'https://app.example.com/done' });
    const { row } = await factory.plan(command);
    expect(row).toMatchObject({
      kind: 'task',
      status: 'queued',
      attempt: 0,
      owner: null,
      scopes: 'chat tasks',
      webhook_url: 'https://app.example.com/done',
      started_at: null,
      claimed_at: null,
    });
    expect(JSON.parse(row.request ?? '')).toEqual(request);
  });

  it.each([
    ['an empty message', { message: '' }, 'validation_failed'],
    ['a temperature out of range', { message: 'Hi', temperature: 3 }, 'validation_failed'],
    ['an unknown agent', { message: 'Hi', agent_role: 'nobody' }, 'validation_failed'],
    ['an invalid session', { message: 'Hi', session_id: 'a b' }, 'validation_failed'],
    ['an invalid schema', { message: 'Hi', output_schema: { type: 'wrong' } }, 'validation_failed'],
    ['an unknown release', { message: 'Hi', release: 'none' }, 'validation_failed'],
  ])('is refused for %s, whatever the kind', async (_, request, code) => {
    for (const kind of ['chat', 'stream', 'task'] as const) {
      await expect(factory.plan(commandOf(kind, { request }))).rejects.toMatchObject({ code });
    }
    expect(await app.module.get(Database).query.selectFrom('runs').selectAll().execute()).toEqual([]);
  });

  it('marks only a chat whose events a stream in the same key space may repeat', async () => {
    const markOf = async (kind: RunCommand['kind'], given: Partial<RunCommand>) =>
      (await factory.plan(commandOf(kind, given))).row.has_events;
    expect(await markOf('chat', { idempotencyKey: 'k', keySpace: 'v2' })).toBe(1);
    expect(await markOf('chat', { idempotencyKey: 'k' })).toBeNull();
    expect(await markOf('chat', { keySpace: 'v2' })).toBeNull();
    expect(await markOf('stream', { idempotencyKey: 'k', keySpace: 'v2' })).toBeNull();
  });

  it('has the same key for the same request, and another fingerprint for another', async () => {
    const keyOf = async (given: Partial<RunCommand>, kind: RunCommand['kind'] = 'chat') =>
      (await factory.plan(commandOf(kind, { idempotencyKey: 'k', ...given }))).key;
    const key = await keyOf({});
    expect(key).toMatchObject({ tenant: 'default', caller: 'host', route: 'chat', idempotency_key: 'k' });
    expect(await keyOf({ request: { agent_role: 'assistant', message: 'Hi', temperature: 0.7 } })).toEqual(key);
    expect((await keyOf({ request: { message: 'Bye' } }))?.fingerprint).not.toBe(key?.fingerprint);
    expect(await keyOf({ keySpace: 'v2' })).toEqual({ ...key, route: 'v2' });
    expect(await keyOf({ principal: ADA })).toMatchObject({ tenant: 'acme', caller: 'key:1/ada' });
    const hooked = await keyOf({ webhookUrl: 'https://app.example.com/done' }, 'task');
    expect(hooked?.fingerprint).not.toBe((await keyOf({}, 'task'))?.fingerprint);
  });
});

describe('a new run', () => {
  it('has events if a client may read them', async () => {
    const chat = await created(commandOf('chat'));
    const keyed = await created(commandOf('chat', { idempotencyKey: 'k', keySpace: 'v2' }));
    const stream = await created(commandOf('stream'));
    expect([chat, keyed, stream].map(({ run }) => run.events !== undefined)).toEqual([false, true, true]);
    expect([chat, keyed].map(({ run }) => run.context.kind)).toEqual(['chat', 'chat']);
    for (const each of [chat, keyed, stream]) await end(each);
  });

  it('can be read again if its events are stored, and only then', async () => {
    const keyed = await created(commandOf('chat', { idempotencyKey: 'k', keySpace: 'v2' }));
    await end(keyed);
    const events = (await Array.fromAsync((await app.runner.follow(keyed.run.id)) ?? [])).flat();
    expect(events.at(-1)).toMatchObject({ type: 'run.completed' });
    const chat = await created(commandOf('chat', { idempotencyKey: 'other' }));
    await end(chat);
    await expect(app.runner.follow(chat.run.id)).rejects.toMatchObject({ code: 'run_not_found' });
  });
});

describe('the resumption of a claimed task', () => {
  it('restores its principal, request and output schema', async () => {
    const request = { message: 'Hi', temperature: 0.5, output_schema: SCHEMA, metadata: { order: '7' } };
    const row = await claimed(commandOf('task', { request, principal: ADA }));
    const execution = await factory.resume(row, TIMEOUT_MS, new AbortController().signal);
    const { run, transcript, temperature } = execution;
    expect(run.context).toMatchObject({ principal: ADA, requestId: 'request-1', kind: 'task', isKeyed: true });
    expect([run.id, run.attempt]).toEqual([row.run_id, 1]);
    expect(run.outputOptions).toMatchObject({ output: { schema: expect.anything() }, metadata: { order: '7' } });
    expect([transcript.question, temperature]).toEqual(['Hi', 0.5]);
    run.abort(new AgentError('run_cancelled'));
    await end(execution);
  });

  it('stores the release that it continues with if its own is gone', async () => {
    const row = await claimed(commandOf('task'));
    const execution = await factory.resume({ ...row, release: 'gone' }, TIMEOUT_MS, new AbortController().signal);
    const stored = await app.module.get(RunsRepository).find(row.run_id, HOST_PRINCIPAL);
    expect([execution.run.release, stored?.release]).toEqual(['code', 'code']);
    await end(execution);
  });
});
