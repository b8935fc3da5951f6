import { jest } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, type ModelReply } from '../../index.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel } from '../../testing/index.js';
import { ShutdownDeadline } from './shutdown.deadline.js';

const SHUTDOWN_MS = 300;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Waits for ever and ignores the signal. */
class StuckModel extends ScriptedModel {
  asked = 0;

  override async reply(): Promise<ModelReply> {
    this.asked++;
    return await new Promise(() => undefined);
  }
}

describe('the shutdown timeout', () => {
  it('is shared by tasks and waiting callers', async () => {
    const model = new StuckModel('never');
    const app = await createTestApp({ model, shutdownTimeoutMs: SHUTDOWN_MS, providers: [AssistantAgent] });
    const submitter = { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey: undefined };
    await app.module.get(TasksService).submit({ message: 'work' }, submitter);
    const answer = app.runner.run({ message: 'wait' }).catch((failure: unknown) => failure);
    await until('both run', () => model.asked === 2);
    const left = jest.spyOn(app.module.get(ShutdownDeadline), 'leftMs');

    await app.close();

    expect(await answer).toMatchObject({ code: 'draining' });
    const [ofTasks = 0, ofOthers = Infinity] = left.mock.results.map(({ value }) => Number(value));
    expect(left).toHaveBeenCalledTimes(2);
    expect(ofTasks).toBeGreaterThan(ofOthers);
    // A timer may fire a little early.
    expect(ofOthers).toBeLessThan(SHUTDOWN_MS / 10);
  });
});
