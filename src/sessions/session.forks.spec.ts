import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { Agent, Database, HOST_PRINCIPAL, type ModelRequest, type Principal, TasksService } from '../index.js';
import { DataExport } from '../privacy/data.export.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../testing/index.js';
import { ConversationsRepository } from '../openai/conversations/conversations.repository.js';
import { MessagesRepository } from './messages.repository.js';
import { SessionDetails } from './session.details.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { eraseTurn } from './turn.deletion.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

const tools = [{ name: 'look' }];
const ADA: Principal = { ...HOST_PRINCIPAL, endUser: 'ada' };
const BOB: Principal = { ...HOST_PRINCIPAL, endUser: 'bob' };

/** Repeats the message. Calls a tool of the caller if the message asks for that. */
class EchoModel extends ScriptedModel {
  override async reply(request: ModelRequest) {
    this.requests.push({ ...request, messages: [...request.messages] });
    const last = request.messages.at(-1)?.content ?? '';
    const isSummary = request.instructions.startsWith('You keep the record');
    const toolCalls = last.startsWith('look') ? [{ callId: `of-${last}`, name: 'look', arguments: '{}' }] : [];
    const text = isSummary ? `summary ${this.requests.length}` : toolCalls.length > 0 ? '' : `re ${last}`;
    return { text, toolCalls, model: 'echo', usage: { inputTokens: 1, outputTokens: 1 }, isTruncated: false };
  }
}

describe.each(stores)('forks of sessions, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: EchoModel;
  let ids = 0;

  async function start(options: Partial<TestAppOptions> = {}): Promise<void> {
    model = new EchoModel();
    const { databaseUrl } = database;
    app = await createTestApp({ model, databaseUrl, providers: [AssistantAgent], ...options });
  }

  beforeAll(async () => {
    database = await store.create();
    await start();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const newId = (): string => `s${ids++}`;
  const ask = async (session_id: string, message: string, more = {}, principal = HOST_PRINCIPAL) =>
    (await app.runner.complete({ session_id, message, tools, ...more }, { principal })).run_id;
  /** A session with these turns. Returns the ids of its runs. */
  async function talk(session_id: string, ...messages: string[]): Promise<string[]> {
    const runs = [];
    for (const message of messages) runs.push(await ask(session_id, message));
    return runs;
  }
  const shown = () => model.requests.at(-1)?.messages.map(({ content }) => content);
  const service = () => app.module.get(SessionsService, { strict: false });
  const contents = async (id: string, principal = HOST_PRINCIPAL): Promise<string[]> => {
    const { items } = await service().messages(principal, id, { limit: 50 });
    return items.map(({ content }) => content).toReversed();
  };
  const query = () => app.module.get(Database).query;

  it('begin after the turn of any run, and leave the session as it is', async () => {
    const [parent, fork, second] = [newId(), newId(), newId()];
    const [, two] = await talk(parent, 'one', 'two', 'three');
    const answer = await app.runner.complete({ session_id: fork, message: 'other', fork_from: two });
    expect(answer).toMatchObject({ session_id: fork, forked_from: two });
    expect(shown()).toEqual(['one', 're one', 'two', 're two', 'other']);
    expect(await app.runner.complete({ session_id: fork, message: 'more' })).not.toHaveProperty('forked_from');
    expect(shown()).toEqual(['one', 're one', 'two', 're two', 'other', 're other', 'more']);
    expect(await contents(parent)).toHaveLength(6);

    await ask(second, 'deep', { fork_from: answer.run_id });
    const inherited = ['one', 're one', 'two', 're two', 'other', 're other'];
    expect(shown()).toEqual([...inherited, 'deep']);
    expect(await contents(second)).toEqual([...inherited, 'deep', 're deep']);
    expect(await service().get(HOST_PRINCIPAL, second)).toMatchObject({ message_count: 8 });
    const generated = await app.runner.complete({ message: 'new', fork_from: two });
    expect(await contents(generated.session_id)).toEqual(['one', 're one', 'two', 're two', 'new', 're new']);
  });

  it('read pages and turns across the sessions', async () => {
    const [parent, fork] = [newId(), newId()];
    const [, two] = await talk(parent, 'one', 'two', 'three');
    await ask(fork, 'other', { fork_from: two });
    const pages = [];
    for (let cursor: string | undefined; ;) {
      const page = await service().messages(HOST_PRINCIPAL, fork, { limit: 3, cursor });
      pages.push(page.items.map(({ content }) => content));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(pages).toEqual([
      ['re other', 'other', 're two'],
      ['two', 're one', 'one'],
    ]);
  });

  it('lose what they have inherited once its session is erased, also by an older replica', async () => {
    const [parent, middle, fork, later] = [newId(), newId(), newId(), newId()];
    const [one = ''] = await talk(parent, 'one', 'two');
    const inMiddle = await ask(middle, 'mid', { fork_from: one });
    await ask(fork, 'own', { fork_from: inMiddle });
    await ask(later, 'late', { fork_from: inMiddle });
    await service().erase(HOST_PRINCIPAL, middle);
    expect(await contents(fork)).toEqual(['one', 're one', 'own', 're own']);

    // An older replica knows nothing of forks.
    await query().deleteFrom('messages').where('session_id', '=', parent).execute();
    await query().deleteFrom('sessions').where('session_id', '=', parent).execute();
    await talk(parent, 'another', 'one');
    expect(await contents(fork)).toEqual(['own', 're own']);
    await ask(fork, 'go on');
    expect(shown()).toEqual(['own', 're own', 'go on']);
    expect(await contents(later)).toEqual(['late', 're late']);
    const row = query().selectFrom('sessions').select(['inherited_count', 'message_count']);
    expect(await row.where('session_id', '=', fork).execute()).toEqual([{ inherited_count: 4, message_count: 8 }]);
    expect(await query().selectFrom('session_sources').selectAll().where('session_id', '=', fork).execute()).toEqual(
      [],
    );
  });

  it('lose the inherited messages if the session is erased while they begin', async () => {
    const [parent, fork] = [newId(), newId()];
    const [one] = await talk(parent, 'one');
    const reply = model.reply.bind(model);
    model.reply = async (request) => {
      model.reply = reply;
      await service().erase(HOST_PRINCIPAL, parent);
      await talk(parent, 'another');
      return await reply(request);
    };
    await ask(fork, 'own', { fork_from: one });
    expect(await contents(fork)).toEqual(['own', 're own']);
  });

  it('leave nothing if the end user of the session is erased while the tenant begins them', async () => {
    const [parent, fork] = [newId(), newId()];
    const one = await ask(parent, 'one', {}, ADA);
    const reply = model.reply.bind(model);
    model.reply = async (request) => {
      model.reply = reply;
      await service().eraseEndUser(HOST_PRINCIPAL, 'ada');
      return await reply(request);
    };
    await expect(ask(fork, 'own', { fork_from: one })).rejects.toMatchObject({ code: 'run_cancelled' });
    for (const table of ['sessions', 'messages', 'runs'] as const) {
      expect(await query().selectFrom(table).selectAll().where('session_id', '=', fork).execute()).toEqual([]);
    }
  });

  it('bring results of the calls of their run, although its session went on', async () => {
    const [parent, fork] = [newId(), newId()];
    const [calls] = await talk(parent, 'look 1');
    await app.runner.complete({ session_id: parent, tool_results: [{ call_id: 'of-look 1', output: 'seen' }] });
    await ask(parent, 'and now');
    const refused = ask(fork, 'no', { fork_from: calls });
    await expect(refused).rejects.toMatchObject({ code: 'tool_results_required' });
    const tool_results = [{ call_id: 'of-look 1', output: 'seen otherwise' }];
    await app.runner.complete({ session_id: fork, fork_from: calls, tool_results });
    expect(shown()).toEqual(['look 1', '', 'seen otherwise']);

    // A result without its call is not shown.
    await service().erase(HOST_PRINCIPAL, parent);
    await ask(fork, 'next');
    expect(shown()).toEqual(['re seen otherwise', 'next']);
  });

  it('have the title of their own first question, and name the session that they go on from', async () => {
    const [parent, fork, answers, later] = [newId(), newId(), newId(), newId()];
    const [one = '', call = ''] = await talk(parent, 'one', 'look: a');
    const details = async (id: string) =>
      await app.module.get(SessionDetails, { strict: false }).get(HOST_PRINCIPAL, id);
    const pending_calls = [{ call_id: 'of-look: a', tool: 'look', arguments: '{}' }];
    expect(await details(parent)).toMatchObject({ title: 'one', pending_calls });
    expect(await details(parent)).not.toHaveProperty('forked_from');

    const inFork = await ask(fork, 'other', { fork_from: one });
    const origin = { forked_from: one, forked_session_id: parent };
    expect(await details(fork)).toMatchObject({ session_id: fork, title: 'other', ...origin });
    expect(await details(fork)).not.toHaveProperty('pending_calls');
    const tool_results = [{ call_id: 'of-look: a', output: 'found' }];
    await app.runner.complete({ session_id: answers, tool_results, fork_from: call });
    expect(await details(answers)).toMatchObject({ title: 'one', forked_from: call, forked_session_id: parent });
    await ask(later, 'look: b', { fork_from: inFork });
    expect(await details(later)).toMatchObject({ title: 'look: b', forked_session_id: fork, pending_calls: [{}] });
    await ask(later, 'go on', { abandon_calls: true });
    expect(await details(later)).not.toHaveProperty('pending_calls');

    await service().erase(HOST_PRINCIPAL, fork);
    expect(await details(later)).not.toHaveProperty('forked_from');
    await service().erase(HOST_PRINCIPAL, parent);
    expect(await details(answers)).not.toHaveProperty('title');
  });

  it('are begun by tasks too, and not by a second run', async () => {
    const [parent, fork] = [newId(), newId()];
    const [one] = await talk(parent, 'one', 'two');
    const request = { session_id: fork, message: 'in the background', fork_from: one };
    const { task } = await app.module.get(TasksService).submit(request);
    await until('the task is over', async () => (await app.module.get(TasksService).get(task.task_id)).result);
    expect(await contents(fork)).toEqual(['one', 're one', 'in the background', 're in the background']);
    const refusal = {
      code: 'validation_failed',
      errors: [{ field: 'fork_from', message: expect.stringContaining(fork) }],
    };
    await expect(ask(fork, 'again', { fork_from: one })).rejects.toMatchObject(refusal);
  });

  it('are refused after runs that are not there, not over or not stored', async () => {
    const { run_id } = await app.runner.complete({ message: 'x', store: false });
    const failed = app.runner.run({ session_id: newId(), message: 'x'.repeat(10), fork_from: run_id });
    await expect(failed).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(ask(newId(), 'x', { fork_from: 'nothing' })).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('belong to the end user of the session, and are hidden from others', async () => {
    const [parent, fork, own] = [newId(), newId(), newId()];
    const one = await ask(parent, 'one', {}, ADA);
    const other = { ...HOST_PRINCIPAL, tenant: 'other' };
    for (const principal of [BOB, other]) {
      const refused = ask(newId(), 'x', { fork_from: one }, principal);
      await expect(refused).rejects.toMatchObject({ code: 'run_not_found' });
    }
    await ask(fork, 'of the tenant', { fork_from: one });
    await ask(own, 'of ada', { fork_from: one }, ADA);
    expect(await contents(fork, ADA)).toEqual(['one', 're one', 'of the tenant', 're of the tenant']);
    const lines = await Array.fromAsync(
      app.module.get(DataExport, { strict: false }).lines({ ...HOST_PRINCIPAL, endUser: 'ada' }, { id: 'host' }),
    );
    const sources = lines.filter(({ type }) => type === 'session_source');
    expect(sources.map(({ session_id, source_id, run_id }) => ({ session_id, source_id, run_id }))).toEqual(
      [fork, own].map((session_id) => ({ session_id, source_id: parent, run_id: one })),
    );
  });
});

describe.each(stores)('the summary of a fork, on $name', (store) => {
  it('goes with each session that it is about', async () => {
    const database = await store.create();
    const model = new EchoModel();
    const options = { historyTokens: 100, summarizeHistory: true };
    const { databaseUrl } = database;
    const app = await createTestApp({ model, databaseUrl, providers: [AssistantAgent], ...options });
    const ask = async (session_id: string, fork_from?: string) =>
      (await app.runner.complete({ session_id, message: 'some words '.repeat(8), fork_from })).run_id;
    const summaries = async () => {
      const rows = await app.module.get(Database).query.selectFrom('session_sources').selectAll().execute();
      return Object.fromEntries(rows.map((row) => [`${row.session_id} of ${row.source_id}`, row.summary !== null]));
    };
    const first = await ask('a');
    const last = await ask('a');
    const forked = await ask('b', last);
    for (let count = 0; count < 4; count++) await ask('b');
    await ask('c', forked);
    for (let count = 0; count < 4; count++) await ask('c');
    expect(await summaries()).toEqual({ 'b of a': true, 'c of a': false, 'c of b': true });

    const key = { tenant: HOST_PRINCIPAL.tenant, session_id: 'a' };
    const stored = app.module.get(MessagesRepository, { strict: false });
    const repositories = [app.module.get(SessionsRepository, { strict: false }), stored] as const;
    const conversations = new ConversationsRepository(app.module.get(Database), ...repositories);
    const [message] = await stored.page(key, 1);
    const item = { messageId: message?.message_id ?? '' };
    expect(await conversations.deleteItem(key, item, HOST_PRINCIPAL)).toBe(true);
    expect(await summaries()).toEqual({ 'b of a': false, 'c of a': false, 'c of b': false });
    await ask('b');
    await ask('c');
    expect(await summaries()).toEqual({ 'b of a': true, 'c of a': false, 'c of b': true });
    await app.module.get(Database).write((transaction) => eraseTurn(key, first, transaction));
    expect(await summaries()).toEqual({ 'b of a': false, 'c of a': false, 'c of b': false });
    await ask('c');
    expect(await summaries()).toMatchObject({ 'c of b': true });
    await app.module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, 'a');
    expect(await summaries()).toEqual({});
    await ask('c');
    expect(model.requests.at(-1)?.messages.length).toBeLessThan(10);
    await app.close();
    await database.drop();
  });
});
