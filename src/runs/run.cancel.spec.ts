import { agentsWith, switchesOf } from '../../test/support/storage/databases.js';
import { Interleaving } from '../../test/support/storage/interleaving.js';
import { hasPostgres, postgres, type TestDatabase } from '../../test/support/storage/stores.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError, Database } from '../index.js';
import { newId } from '../storage/new.id.js';
import { ClaimLoop } from '../tasks/claims/claim.loop.js';
import { ClaimsRepository } from '../tasks/claims/claims.repository.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { EventLog } from './events/event.log.js';
import { ReplicaId } from './recovery/replica.id.js';
import type { RunState } from './recovery/run.control.js';
import { storeDecision } from './journal/run.decisions.js';
import { newRow, type RunRow } from './run.row.js';
import { RunsRepository } from './runs.repository.js';

const { jest } = import.meta;

const ATTEMPT = 1;
const APPROVAL = 'approval';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

(hasPostgres ? describe : describe.skip)('a task that is cancelled by one replica', () => {
  let place: TestDatabase;
  let app: TestApp;
  let here: Database;
  let elsewhere: Database;
  let tasks: TasksRepository;
  let claims: ClaimsRepository;
  let runId: string;

  beforeAll(async () => {
    place = await postgres.create();
    const { databaseUrl } = place;
    app = await createTestApp({ model: new ScriptedModel(), providers: [AssistantAgent], databaseUrl });
    here = app.module.get(Database);
    elsewhere = await Database.open(databaseUrl);
    tasks = new TasksRepository(elsewhere);
    claims = new ClaimsRepository(elsewhere, new ReplicaId(), switchesOf(elsewhere), agentsWith());
    // Only the other replica runs tasks.
    jest.spyOn(ClaimLoop.prototype, 'wake').mockResolvedValue();
  });

  afterAll(async () => {
    await app.close();
    await elsewhere.onApplicationShutdown();
    await place.drop();
  });

  /** Stores a task in that status with a pending approval. */
  async function begin(status: RunRow['status']): Promise<void> {
    runId = newId();
    const row = newRow({
      run_id: runId,
      tenant: HOST_PRINCIPAL.tenant,
      session_id: runId,
      agent_role: 'assistant',
      kind: 'task',
      status,
      attempt: ATTEMPT,
      owner: null,
      caller: HOST_PRINCIPAL.id,
      request_id: 'r',
      request: JSON.stringify({ message: 'Hello' }),
      model: 'scripted',
      created_at: 1,
      started_at: 1,
    });
    await here.query.insertInto('runs').values(row).execute();
    await here.query
      .insertInto('approvals')
      .values({ run_id: runId, approval_id: APPROVAL, step: '1.0', tool: 'pay', arguments: '{}', created_at: 1 })
      .execute();
  }

  const read = (): Promise<RunRow> =>
    here.query.selectFrom('runs').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();

  const cancel = () => app.runner.cancel(runId);

  const decide = () =>
    storeDecision(elsewhere, {
      key: { runId, approvalId: APPROVAL },
      decision: { decision: 'approve' },
      principal: HOST_PRINCIPAL,
      requestId: undefined,
    });

  /** The task after a worker has run it: the active attempt puts it back, and the next attempt ends it. */
  async function ended(): Promise<RunRow> {
    const { status, attempt } = await read();
    if (status === 'running') await tasks.requeue(runId, attempt, 0);
    const claimed = await claims.claim(runId, undefined);
    if (claimed === 'suspect') throw new Error('No process has died.');
    if (claimed) {
      expect(claimed.cancel_reason).not.toBeNull();
      await app.module.get(RunsRepository).endClaimed(claimed, new AgentError('internal_error'));
    }
    return await read();
  }

  async function finalEvents(): Promise<string[]> {
    const events = (await Array.fromAsync(app.module.get(EventLog).follow(runId, 0))).flat();
    return events.filter(({ isFinal }) => isFinal).map(({ type }) => type);
  }

  const transitions: readonly [string, RunRow['status'], () => Promise<unknown>][] = [
    ['suspends it', 'running', () => tasks.suspend({ id: runId, attempt: ATTEMPT, elapsedMs: () => 1 })],
    ['requeues it', 'running', () => tasks.requeue(runId, ATTEMPT, 1)],
    ['decides its approval', 'waiting_approval', decide],
    ['claims it', 'queued', () => claims.claim(runId, undefined)],
  ];

  describe.each(transitions)('while another replica %s', (_, from, change) => {
    it.each([1, 2, 3])(
      'ends cancelled, once, if the change is after statement %d of the cancellation',
      async (after) => {
        await begin(from);
        // The other replica handles the result.
        const happen = () => change().catch(() => undefined);
        const state = await new Interleaving(here, after, happen).within(cancel);
        expect(['cancelled', 'running']).toContain(state.status);
        expect(await ended()).toMatchObject({ status: 'cancelled', error: 'run_cancelled', holds_session: 0 });
        expect(await finalEvents()).toEqual(['run.cancelled']);
      },
    );

    it.each([1, 2, 3])(
      'ends cancelled, once, if the cancellation is after statement %d of the change',
      async (after) => {
        await begin(from);
        let state: RunState | undefined;
        const happen = async () => void (state = await cancel());
        await new Interleaving(elsewhere, after, happen).within(change).catch(() => undefined);
        expect(['cancelled', 'running']).toContain(state?.status);
        expect(await ended()).toMatchObject({ status: 'cancelled', error: 'run_cancelled', holds_session: 0 });
        expect(await finalEvents()).toEqual(['run.cancelled']);
      },
    );
  });
});
