import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { send, type Answer } from '../../test/support/clients/client.js';
import { expectError } from '../../test/support/clients/expect-error.js';
import { objects, string } from '../../test/support/json.js';
import { sqlite, type TestDatabase } from '../../test/support/storage/stores.js';
import { ended, reached, submitted, TASKS } from '../../test/support/clients/tasks.js';
import { Agent, AgentModule, Tool } from '../index.js';
import { ScriptedModel } from '../testing/index.js';

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  paid = 0;

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    this.paid++;
    return 'paid';
  }
}

const ROUNDS = 3;
const rateLimit = { requests: 0, windowSeconds: 60 };

let database: TestDatabase;
let app: NestFastifyApplication;
let host: { url: string };

beforeAll(async () => {
  database = await sqlite.create();
  const { databaseUrl } = database;
  const model = new ScriptedModel(...Array.from({ length: ROUNDS }, () => [[{ tool: 'pay' }], 'I am done.']).flat());
  const module = await Test.createTestingModule({
    imports: [AgentModule.forRoot({ model, databaseUrl, rateLimit })],
    providers: [PayingAgent],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  host = { url: await app.getUrl() };
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

beforeEach(() => (app.get(PayingAgent).paid = 0));

/** A task that waits for approval, and the path of the decision. */
async function waiting(): Promise<{ readonly taskId: string; readonly decide: (body: unknown) => Promise<Answer> }> {
  const taskId = await submitted(host, { message: 'Pay' });
  const task = await reached(host, taskId, 'waiting_approval');
  const [approval] = objects(task.pending_approvals);
  expect(task.pending_approvals).toEqual([{ approval_id: expect.any(String), tool: 'pay', arguments: {} }]);
  const call = `POST ${TASKS}/${taskId}/approvals/${string(approval?.approval_id)}`;
  return { taskId, decide: (body) => send(host, call, { body }) };
}

describe('POST /tasks/{task_id}/approvals/{approval_id}', () => {
  it('resumes the task, and returns it', async () => {
    const { taskId, decide } = await waiting();
    const answer = await decide({ decision: 'approve' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ task_id: taskId, status: expect.stringMatching(/queued|running|completed/) });
    expect(answer.body).not.toHaveProperty('pending_approvals');
    expect(await ended(host, taskId)).toMatchObject({ status: 'completed', result: { reply: 'I am done.' } });
    expect(app.get(PayingAgent).paid).toBe(1);
    // The caller may not have got the first answer.
    const again = await decide({ decision: 'approve' });
    expect([again.status, again.body]).toMatchObject([200, { task_id: taskId, status: 'completed' }]);
    expectError(await decide({ decision: 'reject' }), 409, 'approval_already_decided');
  });

  it('decides once for fifty concurrent decisions', async () => {
    const { taskId, decide } = await waiting();
    const answers = await Promise.all(Array.from({ length: 50 }, () => decide({ decision: 'approve' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    await ended(host, taskId);
    expect(app.get(PayingAgent).paid).toBe(1);
  });

  it('fails with task_already_finished if the task was cancelled meanwhile', async () => {
    const { taskId, decide } = await waiting();
    const cancelled = await send(host, `POST ${TASKS}/${taskId}/cancel`);
    expect([cancelled.status, cancelled.body.status]).toEqual([202, 'cancelled']);
    expectError(await decide({ decision: 'approve' }), 409, 'task_already_finished');
    expect(app.get(PayingAgent).paid).toBe(0);
  });

  it.each([
    {},
    { decision: 'maybe' },
    { decision: 'approve', reason: '' },
    { decision: 'approve', reason: 'x'.repeat(1001) },
    { decision: 'approve', by: 'me' },
  ])('refuses %j', async (body) => {
    const answer = await send(host, `POST ${TASKS}/some/approvals/some`, { body });
    expectError(answer, 422, 'validation_failed');
  });
});
