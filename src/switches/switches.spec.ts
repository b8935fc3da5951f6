import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AuditService, Database, type ModelRequest, Tool } from '../index.js';
import { ClaimsRepository } from '../tasks/claims/claims.repository.js';
import { RequeueBackoff } from '../tasks/requeue.backoff.js';
import { TasksService } from '../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { Switches } from './switches.js';
import { type SwitchChange, SwitchesService } from './switches.service.js';

const { jest } = import.meta;

let gate = new Gate();

@Agent({
  role: 'assistant',
  description: 'Works.',
  instructions: 'Work.',
  handoffs: ['clerk'],
  agents: ['expert'],
})
class WorkingAgent {
  readonly made: string[] = [];

  @Tool({ description: 'Looks' })
  look(): string {
    this.made.push('look');
    return 'seen';
  }

  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    this.made.push('wait');
    await gate.opened;
    return 'waited';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    this.made.push('pay');
    return 'paid';
  }
}

@Agent({ role: 'clerk', description: 'Files.', instructions: 'File.' })
class Clerk {
  isBusy = false;

  @Tool({ description: 'Files' })
  async file(): Promise<string> {
    this.isBusy = true;
    await gate.opened;
    return 'filed';
  }
}

@Agent({ role: 'expert', description: 'Knows.', instructions: 'Know.' })
class Expert {
  isAsked = false;

  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    this.isAsked = true;
    await gate.opened;
    return 'waited';
  }
}

/** Calls the tool that the user names, then repeats its result. */
function turn({ messages }: ModelRequest) {
  const last = messages.at(-1);
  if (last?.content.endsWith('led by clerk.') && messages[0]?.content.endsWith('_clerk')) return [{ tool: 'file' }];
  return last?.role === 'user' && last.content.startsWith('call ')
    ? [{ tool: last.content.slice(5), arguments: { message: 'call wait' } }]
    : `Read: ${last?.content}`;
}

describe.each(stores)('a switch on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let tasks: TasksService;
  let switches: SwitchesService;
  let agent: WorkingAgent;

  beforeAll(async () => {
    place = await store.create();
    app = await createTestApp({
      databaseUrl: place.databaseUrl,
      model: new ScriptedModel(...Array.from({ length: 100 }, () => turn)),
      providers: [WorkingAgent, Clerk, Expert],
    });
    tasks = app.module.get(TasksService);
    switches = app.module.get(SwitchesService);
    agent = app.module.get(WorkingAgent);
  });
  afterAll(async () => {
    await app.close();
    await place.drop();
  });
  beforeEach(() => {
    gate = new Gate();
    agent.made.length = 0;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { kind, name } of await switches.list()) await switches.set({ kind, name, stopped: false });
  });

  const stop = (kind: SwitchChange['kind'], name: string) =>
    switches.set({ kind, name, stopped: true, reason: 'maintenance' });
  const release = (kind: SwitchChange['kind'], name: string) => switches.set({ kind, name, stopped: false });
  const submit = async (message: string): Promise<string> => (await tasks.submit({ message })).task.task_id;
  const reached = (id: string, status: string) =>
    until(`the task is ${status}`, async () => (await tasks.get(id)).status === status);

  it('is listed and audited, with its reason', async () => {
    await stop('tool', 'look');
    expect(await stop('role', 'clerk')).toEqual([
      { kind: 'role', name: 'clerk', reason: 'maintenance', stopped_by: 'host', stopped_at: expect.any(String) },
      expect.objectContaining({ kind: 'tool', name: 'look' }),
    ]);
    expect(await release('role', 'clerk')).toHaveLength(1);
    const { items } = await app.module.get(AuditService).list({ action: 'switch.changed', limit: 2 });
    expect(items).toMatchObject([
      { target: 'role:clerk', actor: 'host', details: { stopped: false } },
      { target: 'role:clerk', details: { stopped: true, reason: 'maintenance' } },
    ]);
    await expect(switches.set({ kind: 'role', name: '', stopped: true })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('refuses new runs of a stopped role, but not of others, and not the answer of an earlier one', async () => {
    const keyed = { idempotencyKey: `before-${store.name}` };
    const { run_id } = await app.runner.run({ message: 'Hi' }, keyed);
    await stop('role', 'assistant');
    const detail = 'The agent "assistant" is stopped by the operator: maintenance';
    const refusal = { code: 'stopped', message: detail };
    await expect(app.runner.run({ message: 'Hi' })).rejects.toMatchObject(refusal);
    await expect(Array.fromAsync(app.runner.stream({ message: 'Hi' }))).rejects.toMatchObject(refusal);
    await expect(tasks.submit({ message: 'Hi' })).rejects.toMatchObject(refusal);
    expect(await app.runner.run({ message: 'Hi' }, keyed)).toMatchObject({ run_id });
    await app.runner.run({ message: 'Hi', agent_role: 'clerk' });
    await release('role', 'assistant');
    await app.runner.run({ message: 'Hi' });
  });

  it('lets a running task of a stopped role wait in the queue after its step, and go on later', async () => {
    const id = await submit('call wait');
    await until('it works', () => agent.made.length > 0);
    await stop('role', 'assistant');
    gate.open();
    await reached(id, 'queued');
    expect(await app.module.get(ClaimsRepository).findNext(undefined, true)).toBeUndefined();
    expect(await app.module.get(ClaimsRepository).claim(id, undefined)).toBeUndefined();
    expect(await tasks.get(id)).toMatchObject({ status: 'queued', attempt: 1 });

    await release('role', 'assistant');
    await reached(id, 'completed');
    expect(await tasks.get(id)).toMatchObject({ attempt: 2, result: { reply: 'Read: waited' } });
    expect(agent.made).toEqual(['wait']);
  });

  it('lets a task wait for any time if the agent is stopped that leads it after a handover', async () => {
    const id = await submit('call transfer_to_clerk');
    await until('the clerk works', () => app.module.get(Clerk).isBusy);
    await stop('role', 'clerk');
    let failures = 0;
    const next = jest
      .spyOn(RequeueBackoff.prototype, 'next')
      .mockImplementation((_id, _ranMs, isOutage) => ({ waitMs: 1, failures: isOutage ? 0 : ++failures }));
    gate.open();
    await until('it was tried often', () => next.mock.calls.length >= 12, 20_000);
    expect((await tasks.get(id)).finished_at).toBeUndefined();

    await release('role', 'clerk');
    await reached(id, 'completed');
  });

  it('cancels a stream of a stopped role or tenant after its step', async () => {
    for (const [kind, name] of [
      ['role', 'assistant'],
      ['tenant', 'default'],
    ] as const) {
      gate = new Gate();
      const events = Array.fromAsync(app.runner.stream({ message: 'call wait' }));
      const calls = agent.made.length;
      await until('it works', () => agent.made.length > calls);
      await stop(kind, name);
      gate.open();
      const reason = expect.stringContaining('is stopped by the operator: maintenance');
      const all = await events;
      expect(all.map(({ type }) => type).slice(-2)).toEqual(['tool.completed', 'run.cancelled']);
      expect(all.at(-1)).toMatchObject({ reason });
      await release(kind, name);
    }
  });

  it('refuses the calls of a stopped tool to the model, without an approval', async () => {
    await stop('tool', 'look');
    await stop('tool', 'pay');
    for (const tool of ['look', 'pay']) {
      const { reply } = await app.runner.run({ message: `call ${tool}` });
      expect(reply).toBe(`Read: Error: ${tool} is stopped by the operator: maintenance`);
    }
    expect(agent.made).toEqual([]);
  });

  it('refuses an approved call if the tool was stopped meanwhile', async () => {
    const id = await submit('call pay');
    await reached(id, 'waiting_approval');
    await stop('tool', 'pay');
    const { pending_approvals: [approval] = [] } = await tasks.get(id);
    await tasks.decide(id, approval?.approval_id ?? '', { decision: 'approve' });
    await reached(id, 'completed');
    const { result } = await tasks.get(id);
    expect(result?.reply).toBe('Read: Error: pay is stopped by the operator: maintenance');
    expect(agent.made).toEqual([]);
  });

  it.each(['transfer_to_clerk', 'ask_expert'])('refuses %s to the model if the role is stopped', async (tool) => {
    const role = tool === 'ask_expert' ? 'expert' : 'clerk';
    await stop('role', role);
    const text = `Read: Error: The agent "${role}" is stopped by the operator: maintenance`;
    const id = await submit(`call ${tool}`);
    await reached(id, 'completed');
    expect(await tasks.get(id)).toMatchObject({ result: { reply: text } });
    expect((await app.runner.run({ message: `call ${tool}` })).reply).toBe(text);
    await release('role', role);
    gate.open();
    expect((await app.runner.run({ message: `call ${tool}` })).reply).not.toBe(text);
  });

  it('stops an agent tool after its step, and its caller continues', async () => {
    const expert = app.module.get(Expert);
    expert.isAsked = false;
    const id = await submit('call ask_expert');
    await until('it works', () => expert.isAsked);
    await stop('role', 'expert');
    gate.open();
    await reached(id, 'completed');
    expect(await tasks.get(id)).toMatchObject({
      attempt: 1,
      result: { reply: 'Read: Error: The agent "expert" is stopped by the operator: maintenance', tokens_used: 45 },
    });
  });

  it('refuses all runs and decisions of a stopped tenant, but no reading', async () => {
    const principal = { ...HOST_PRINCIPAL, tenant: 'acme' };
    const { task } = await tasks.submit({ message: 'call pay' }, { principal });
    const { pending_approvals: [approval] = [] } = await until('it waits', async () => {
      const found = await tasks.get(task.task_id, principal);
      return found.status === 'waiting_approval' && found;
    });
    await stop('tenant', 'acme');
    const refusal = {
      code: 'stopped',
      message: 'The tenant "acme" is stopped by the operator: maintenance',
    };
    const decide = () => tasks.decide(task.task_id, approval?.approval_id ?? '', { decision: 'approve' }, principal);
    await expect(decide()).rejects.toMatchObject(refusal);
    await expect(app.runner.run({ message: 'Hi' }, { principal })).rejects.toMatchObject(refusal);
    await expect(tasks.submit({ message: 'Hi' }, { principal })).rejects.toMatchObject(refusal);
    expect((await tasks.list(principal)).items).toHaveLength(1);
    await app.runner.run({ message: 'Hi' });
    await release('tenant', 'acme');
    expect((await decide()).task_id).toBe(task.task_id);
    await until('it ends', async () => (await tasks.get(task.task_id, principal)).status === 'completed');
  });

  it('is felt in time if the database fails right after the change', async () => {
    const known = app.module.get(Switches, { strict: false });
    const { query } = app.module.get(Database);
    await query.schema.alterTable('switches').renameTo('away').execute();
    await known.announce();
    await query.schema.alterTable('away').renameTo('switches').execute();
    const row = { kind: 'role', name: 'clerk', reason: null, stopped_by: 'host', stopped_at: 1 } as const;
    await query.insertInto('switches').values(row).execute();
    await until('it is felt', () => known.refusalOf('role', 'clerk') !== undefined);
    await release('role', 'clerk');
  });
});
