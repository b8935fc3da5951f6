import { Agent, Database, type ModelCall, type ModelRequest, type RunEvent } from '../index.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { until } from '../../test/support/until.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Waits for ever on request and ignores the signal. */
class StuckModel extends ScriptedModel {
  override async *stream(request: ModelRequest, call: ModelCall) {
    if (request.messages.at(-1)?.content === 'wait') await new Promise(() => undefined);
    yield* super.stream(request, call);
  }
}

const SESSION = 's';
const TIMEOUT_MS = 150;

let app: TestApp | undefined;

async function start(options: { timeoutMs: number; shutdownTimeoutMs?: number }): Promise<TestApp> {
  const answers = Array.from({ length: 20 }, () => 'one two three');
  app = await createTestApp({
    model: new StuckModel(...answers),
    maxConcurrentRuns: 1,
    providers: [AssistantAgent],
    ...options,
  });
  return app;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Takes that many events, then drops the iterator without another call of next() or return(). */
async function readEvents(
  { runner }: TestApp,
  count: number,
  message = 'hello',
  signal?: AbortSignal,
): Promise<RunEvent[]> {
  const iterator = runner.stream({ message, session_id: SESSION }, signal ? { signal } : {});
  const events: RunEvent[] = [];
  for (let index = 0; index < count; index++) {
    const { value } = await iterator.next();
    if (value) events.push(value);
  }
  return events;
}

const runAgain = ({ runner }: TestApp) => runner.run({ message: 'again', session_id: SESSION });

const rowsOf = ({ module }: TestApp) =>
  module.get(Database).query.selectFrom('runs').select(['run_id', 'status', 'error']).execute();

async function msOf(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

describe('a run whose reader dropped the iterator after an event', () => {
  it.each([1, 2, 3])('finishes if its reader stops after %p events', async (count) => {
    const begun = await start({ timeoutMs: 60_000 });
    const [started] = await readEvents(begun, count);

    const answer = await until('the session is free', () => runAgain(begun).catch(() => undefined), 8000);

    expect(answer.reply).toBe('one two three');
    expect(await rowsOf(begun)).toEqual([
      { run_id: started?.run_id, status: 'completed', error: null },
      { run_id: answer.run_id, status: 'completed', error: null },
    ]);
  });

  it('holds its session and its slot until its deadline', async () => {
    const begun = await start({ timeoutMs: TIMEOUT_MS });
    const [started] = await readEvents(begun, 1, 'wait');
    await expect(runAgain(begun)).rejects.toMatchObject({ code: 'overloaded' });

    const answer = await until('the session is free', () => runAgain(begun).catch(() => undefined), 8000);

    expect(await rowsOf(begun)).toEqual([
      { run_id: started?.run_id, status: 'failed', error: 'agent_timeout' },
      { run_id: answer.run_id, status: 'completed', error: null },
    ]);
  });

  it('ends at once if its signal aborts', async () => {
    const begun = await start({ timeoutMs: 60_000 });
    const controller = new AbortController();
    const [started] = await readEvents(begun, 1, 'wait', controller.signal);
    controller.abort();

    expect((await runAgain(begun)).reply).toBe('one two three');
    expect(await rowsOf(begun)).toContainEqual({
      run_id: started?.run_id,
      status: 'cancelled',
      error: 'client_closed_request',
    });
  });

  it('ends at once if its session is erased, and leaves no row', async () => {
    const begun = await start({ timeoutMs: 60_000 });
    await readEvents(begun, 1, 'wait');
    await begun.module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, SESSION);

    const { run_id } = await runAgain(begun);
    expect((await rowsOf(begun)).map((row) => row.run_id)).toEqual([run_id]);
  });

  it('does not delay the shutdown beyond its timeout', async () => {
    const begun = await start({ timeoutMs: 60_000, shutdownTimeoutMs: 100 });
    await readEvents(begun, 1, 'wait');
    app = undefined;
    const took = await msOf(begun.close());
    expect(took).toBeGreaterThan(90);
    expect(took).toBeLessThan(1500);
  });

  it('does not delay the shutdown after its deadline', async () => {
    const begun = await start({ timeoutMs: TIMEOUT_MS, shutdownTimeoutMs: 60_000 });
    await readEvents(begun, 1, 'wait');
    app = undefined;
    expect(await msOf(begun.close())).toBeLessThan(1500);
  });

  it('yields its outcome if its reader continues', async () => {
    const { runner } = await start({ timeoutMs: TIMEOUT_MS });
    const iterator = runner.stream({ message: 'wait', session_id: SESSION });
    const first = await iterator.next();
    await until('the run has ended', () =>
      runner.run({ message: 'again', session_id: SESSION }).catch(() => undefined),
    );

    const rest: RunEvent[] = [];
    for await (const event of iterator) rest.push(event);
    expect(first.value).toMatchObject({ type: 'run.started', sequence: 1 });
    expect(rest.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'agent_timeout' } });
  });
});

it('acquires nothing for a stream that is never read', async () => {
  const begun = await start({ timeoutMs: 60_000 });
  begun.runner.stream({ message: 'hello', session_id: SESSION });
  expect((await runAgain(begun)).reply).toBe('one two three');
});

it('frees the session after the last event, before the iteration ends', async () => {
  const begun = await start({ timeoutMs: 60_000 });
  const events = await readEvents(begun, 5);
  expect(events.at(-1)?.type).toBe('run.completed');
  expect((await runAgain(begun)).reply).toBe('one two three');
});
