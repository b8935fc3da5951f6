import { until } from '../../test/support/until.js';
import { Agent, Database } from '../index.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { Retention } from './recovery/retention.js';
import { RunControl } from './recovery/run.control.js';
import { RunsRepository } from './runs.repository.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp({ model: new ScriptedModel('one two', 'three', 'four'), providers: [AssistantAgent] });
  // Waits for the writes of the start.
  await app.module.get(Retention).sweep();
});

afterEach(() => app.close());

/** Breaks the connection right after the commit of that write. */
function breakAfterCommit(count: number): void {
  const database = app.module.get(Database);
  const write = database.write.bind(database);
  let writes = 0;
  jest.spyOn(database, 'write').mockImplementation(async (...args) => {
    const result = await write(...args);
    if (++writes === count) throw new DatabaseUnavailableError(new Error('the connection broke'));
    return result;
  });
}

describe('a run whose database connection breaks after a commit', () => {
  it('ends without a gap in its sequence numbers, and frees its session', async () => {
    // The first write begins the run, the second stores `run.started`.
    breakAfterCommit(2);
    const request = { message: 'Hello', session_id: 's' };
    const events = await Array.fromAsync(app.runner.stream(request));
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'storage_unavailable' } });

    await until('the session is free', () => app.runner.run(request).catch(() => undefined), 8000);

    const runId = events[0]?.run_id ?? '';
    const stored = (await Array.fromAsync((await app.runner.follow(runId)) ?? [])).flat();
    expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
    expect(stored.at(-1)?.isFinal).toBe(true);
    expect(stored.filter(({ isFinal }) => isFinal)).toHaveLength(1);
  });
});

describe('a run whose end cannot be stored', () => {
  it('answers its caller, and is held until its end is stored', async () => {
    const [runs, control] = [app.module.get(RunsRepository), app.module.get(RunControl)];
    const end = jest.spyOn(runs, 'end').mockRejectedValue(new Error('disk is full'));
    const failing = app.runner.run({ message: 'Hello', session_id: 's' });
    await expect(failing).rejects.toMatchObject({ code: 'internal_error' });
    expect(control.running).toEqual([]);
    expect(control.heldIds.size).toBe(1);

    end.mockRestore();
    await until('its end is stored', () => control.heldIds.size === 0);
    expect((await app.runner.run({ message: 'Hello', session_id: 's' })).reply).toBe('three');
  });
});
