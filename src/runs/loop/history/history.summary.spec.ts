import { HOST_PRINCIPAL } from '../../../auth/principal.js';
import { AgentError, Database, type RunEvent } from '../../../index.js';
import { SessionsService } from '../../../sessions/sessions.service.js';
import { SummariesRepository } from '../../../sessions/summaries.repository.js';
import { DatabaseUnavailableError } from '../../../storage/database.unavailable.js';
import {
  SESSION,
  app,
  ask,
  isSummary,
  lastOf,
  messageOf,
  missing,
  model,
  namesIn,
  range,
  rows,
  shownIn,
  start,
  talk,
  talkUntilSummary,
} from '../../../../test/support/long.session.js';

const { jest } = import.meta;

afterEach(() => app.close());

describe('a summary', () => {
  it('is replaced by the newest turns if it fails, and is retried some runs later', async () => {
    await start();
    model.summarize = () => Promise.reject(new AgentError('model_error'));
    const next = await talkUntilSummary();
    expect(shownIn(model.turns.at(-1) ?? missing())).toEqual(range(1, next - 1));
    expect(await talk(next, next + 5)).toBe(0);
    expect(await rows()).toEqual([]);

    model.summarize = (count) => `Summary ${count}`;
    expect(await talk(next + 5, next + 6)).toBe(1);
    await talk(next + 6, next + 12);
    const covered = model.summaries.slice(1).flatMap((request) => namesIn(lastOf(request)));
    expect([...covered, ...shownIn(model.turns.at(-1) ?? missing())]).toEqual(range(0, next + 11));
  });

  it('fails its run if the database fails, and is retried by the next run', async () => {
    await start();
    const next = await talkUntilSummary();
    jest
      .spyOn(app.module.get(SummariesRepository), 'save')
      .mockRejectedValueOnce(new DatabaseUnavailableError(new Error('x')));
    const failures: unknown[] = [];
    for (let number = next; failures.length === 0; number++) {
      await ask(messageOf(number)).catch((failure: unknown) => failures.push(failure));
    }
    expect(failures).toEqual([expect.objectContaining({ code: 'storage_unavailable' })]);
    const asked = model.summaries.length;
    await ask(messageOf(next + 20));
    expect(model.summaries).toHaveLength(asked + 1);
  });

  it.each(['', '  \n'])('is ignored but counted if it is empty: %j', async (text) => {
    await start();
    model.summarize = () => text;
    const next = await talkUntilSummary();
    expect(await rows()).toEqual([]);
    expect(model.turns).toHaveLength(next);
    expect(await app.module.get(Database).query.selectFrom('runs').select('input_tokens').execute()).toContainEqual({
      input_tokens: 20,
    });
  });

  it('stays if the next one fails', async () => {
    await start();
    const next = await talkUntilSummary();
    model.summarize = () => Promise.reject(new Error('broken'));
    await talk(next, next + 10);
    expect(model.turns.at(-1)?.messages[0]?.content).toMatch(/"Summary 1"/);
    expect(await rows()).toMatchObject([{ content: 'Summary 1' }]);
  });

  it('leaves the run time to answer if it never arrives', async () => {
    await start({ timeoutMs: 300 });
    model.summarize = () => new Promise(() => undefined);
    const next = await talkUntilSummary();
    expect(model.turns).toHaveLength(next);
    const late = model.calls[model.requests.findIndex(isSummary)];
    expect(late?.signal.aborted).toBe(true);
  });

  it('is requested after run.started, and aborted with the run', async () => {
    await start();
    await talkUntilSummary();
    await talk(20, 22);
    model.summarize = () => new Promise(() => undefined);
    const controller = new AbortController();
    let events: RunEvent[] = [];
    for (let index = 22; events.length === 0; index++) {
      const { signal } = controller;
      const stream = app.runner.stream({ message: messageOf(index), session_id: SESSION }, { signal });
      const asked = model.summaries.length;
      const first = await stream.next();
      expect(model.summaries).toHaveLength(asked);
      expect(first.value).toMatchObject({ type: 'run.started' });
      const second = stream.next();
      // The database answers first, because it runs in this process.
      for (let tick = 0; tick < 20; tick++) await new Promise((resolve) => setImmediate(resolve));
      if (model.summaries.length > asked) {
        controller.abort();
        events = [(await second).value ?? missing(), ...(await Array.fromAsync(stream))];
      } else {
        await Array.fromAsync(stream);
      }
    }
    expect(events.map(({ type }) => type)).toEqual(['run.cancelled']);
    expect(await rows()).toMatchObject([{ content: 'Summary 1' }]);
    model.summarize = (count) => `Summary ${count}`;
    await expect(ask('t99')).resolves.toMatchObject({ reply: 'Yes, t99.', tokens_used: 30 });
  });

  it('is not requested if a guardrail refuses the message', async () => {
    await start();
    model.summarize = () => Promise.reject(new Error('broken'));
    await talkUntilSummary();
    await talk(20, 25);
    const asked = model.requests.length;
    await expect(ask('poison')).rejects.toMatchObject({ code: 'guardrail_tripped' });
    expect(model.requests).toHaveLength(asked);
  });

  it('is erased with its session', async () => {
    await start();
    await talkUntilSummary();
    await app.module.get(SessionsService).erase(HOST_PRINCIPAL, SESSION);
    expect(await rows()).toEqual([]);
    await talk(0, 2);
    expect(model.turns.at(-1)?.messages).toHaveLength(3);
  });

  it('is not stored if its session is erased meanwhile', async () => {
    await start();
    const sessions = app.module.get(SessionsService);
    model.summarize = async () => {
      await sessions.erase(HOST_PRINCIPAL, SESSION);
      return await Promise.reject(new Error('too late'));
    };
    await expect(talkUntilSummary()).rejects.toMatchObject({ code: 'run_cancelled' });
    expect(await rows()).toEqual([]);
  });
});
