import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, Database, Tool, ToolContext } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { RunControl } from '../recovery/run.control.js';
import type { ToolResult } from '../journal/run.journal.js';
import { newRow, type RunRow } from '../run.row.js';

const LIMIT_MS = 20_000;
const RUN_ID = 'paying';

@Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.' })
class PayingAgent {
  /** The calls, each with the recorded deaths in a row at its time. */
  readonly called: [string, number][] = [];

  constructor(private readonly database: Database) {}

  @Tool({ description: 'Pays' })
  async pay({ idempotencyKey }: ToolContext): Promise<string> {
    this.called.push([idempotencyKey, await this.#crashes()]);
    return 'paid';
  }

  @Tool({ description: 'Looks', idempotent: true })
  async look({ idempotencyKey }: ToolContext): Promise<string> {
    this.called.push([idempotencyKey, await this.#crashes()]);
    return 'seen';
  }

  async #crashes(): Promise<number> {
    const row = this.database.query.selectFrom('runs').select('crashes').where('run_id', '=', RUN_ID);
    return (await row.executeTakeFirstOrThrow()).crashes;
  }
}

describe.each(stores)('a non-idempotent tool whose calls killed processes, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let model: ScriptedModel;

  beforeEach(async () => {
    place = await store.create();
    model = new ScriptedModel('Done.');
    app = await createTestApp({ model, providers: [PayingAgent], databaseUrl: place.databaseUrl });
  });
  afterEach(async () => {
    await app.close();
    await place.drop();
  });

  const query = () => app.module.get(Database).query;

  /** Runs a task with those finished steps. Returns its row at its end. */
  async function run(...steps: readonly { readonly step: string; readonly body: string }[]): Promise<RunRow> {
    const row = newRow({
      run_id: RUN_ID,
      tenant: 'default',
      session_id: 's',
      agent_role: 'assistant',
      kind: 'task',
      status: 'queued',
      attempt: 1,
      owner: null,
      caller: 'host',
      request_id: 'r',
      request: JSON.stringify({ message: 'Pay' }),
      model: 'scripted',
      created_at: 1,
      started_at: 1,
    });
    const finished = { run_id: RUN_ID, state: 'finished' as const, attempt: null, deaths: 0 };
    const values = steps.map(({ step, body }) => Object.assign({ step, body }, finished));
    await query().insertInto('steps').values(values).execute();
    await query().insertInto('runs').values(row).execute();
    app.module.get(RunControl).announceQueued(RUN_ID);
    const found = query().selectFrom('runs').selectAll().where('run_id', '=', RUN_ID);
    return await until(
      'it has ended',
      async () => {
        const now = await found.executeTakeFirstOrThrow();
        return now.finished_at !== null && now;
      },
      LIMIT_MS,
    );
  }

  const called = () => app.module.get(PayingAgent).called;

  it('is called a third time only while its task runs alone, before the other calls', async () => {
    const end = await run(
      turn('1', 'pay', 'pay'),
      died('1.0'),
      died('1.1'),
      turn('2', 'pay'),
      died('2.0'),
      turn('3', 'look', 'pay'),
    );
    expect(end).toMatchObject({ status: 'completed', attempt: 3, crashes: 0 });
    expect(called()).toEqual([
      ['paying:3.1', 2],
      ['paying:3.0', 0],
    ]);
  });

  it('is called as usual if a call of it has succeeded since', async () => {
    const before = [turn('1', 'pay'), died('1.0'), turn('2', 'pay'), died('2.0'), turn('3', 'pay'), paid('3.0')];
    const end = await run(...before, turn('4', 'pay'), died('4.0'), turn('5', 'pay'));
    expect(end).toMatchObject({ status: 'completed', attempt: 2 });
    expect(called()).toEqual([['paying:5.0', 0]]);
  });

  it('is not called again once a call is found to be the cause', async () => {
    const end = await run(turn('1', 'pay'), died('1.0'), turn('2', 'pay'), died('2.0', 3), turn('3', 'pay'));
    expect(end).toMatchObject({ status: 'completed', attempt: 2 });
    expect(called()).toEqual([]);
    expect(model.requests[0]?.messages.at(-1)?.content).toBe(
      'Error: pay stopped the service 3 times. It is not called again in this run.',
    );
  });
});

/** A turn that calls those tools. */
function turn(step: string, ...tools: string[]): { step: string; body: string } {
  const toolCalls = tools.map((name, index) => ({ callId: `call-${index}`, name, arguments: '{}' }));
  const usage = { inputTokens: 1, outputTokens: 1 };
  return { step, body: JSON.stringify({ text: '', toolCalls, model: 'scripted', usage, isTruncated: false }) };
}

/** A call in which processes died. */
function died(step: string, deaths = 1): { step: string; body: string } {
  return bodyOf(step, { content: 'Error: unknown', isError: true, deaths });
}

function paid(step: string): { step: string; body: string } {
  return bodyOf(step, { content: 'paid' });
}

function bodyOf(step: string, result: ToolResult): { step: string; body: string } {
  return { step, body: JSON.stringify(result) };
}
