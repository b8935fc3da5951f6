import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { object, string } from '../support/json.js';
import { ended, reached, submitted, taskOf } from '../support/clients/tasks.js';
import { Upstream } from '../support/servers/upstream.js';
import { ReleaseFiles } from '../support/service/releases.js';
import type { Settings } from '../support/service/started.service.js';
import {
  modelAt,
  removeServices,
  type Service,
  type ServiceProcess,
  startProcess,
  startService,
} from '../support/service/service.js';
import { describeRedis, Replicas } from '../support/storage/redis.js';
import { hasPostgres, postgres, type TestDatabase } from '../support/storage/stores.js';
import { until } from '../support/until.js';

const LIMIT_MS = 60_000;

(hasPostgres ? describeRedis : describe.skip)('two replicas with different files of an agent', () => {
  const redis = new Replicas();
  const folders: ReleaseFiles[] = [];
  let database: TestDatabase;
  let upstream: Upstream;
  let one: Service;
  let other: ServiceProcess;

  beforeAll(async () => {
    [database, upstream] = await Promise.all([postgres.create('versions'), Upstream.start()]);
    const settingsOf = async (instructions: string): Promise<Settings> => {
      const text = `role: desk\ndescription: a\ninstructions: ${instructions}\n`;
      const folder = await ReleaseFiles.create({ 'desk.yaml': text });
      folders.push(folder);
      const shared = { DATABASE_URL: database.databaseUrl, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix };
      return { ...modelAt(upstream), ...shared, AGENTS_DIR: folder.directory };
    };
    one = await startService(await settingsOf('One'));
    other = await startProcess(await settingsOf('Other'));
  });

  afterAll(async () => {
    await removeServices();
    await Promise.all([upstream.close(), redis.remove(), ...folders.map((folder) => folder.remove())]);
    await database.drop();
  });

  const instructionsOf = (message: string): string | undefined =>
    upstream.requests.find(({ messages }) => messages.at(-1)?.content === message)?.messages[0]?.content;

  it('each run the tasks of their own version only', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const target = index % 2 === 0 ? one : other;
        return { index, id: await submitted(target, { message: `Task ${index}`, agent_role: 'desk' }) };
      }),
    );
    for (const { id } of tasks) expect(await ended(one, id)).toMatchObject({ status: 'completed' });
    expect(tasks.map(({ index }) => instructionsOf(`Task ${index}`))).toEqual(
      tasks.map(({ index }) => (index % 2 === 0 ? 'One' : 'Other')),
    );
  });

  it('leave the tasks of a dead one alone, report them, and the right one continues them', async () => {
    const gate = Promise.withResolvers<undefined>();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.promise } });
    const id = await submitted(other, { message: 'Unfinished', agent_role: 'desk' });
    await until('it runs', () => instructionsOf('Unfinished') === 'Other', LIMIT_MS);
    await other.kill9();
    gate.resolve(undefined);

    await reached(one, id, 'queued');
    const report = await until(
      'it is reported',
      () => one.logs.find(({ msg }) => string(msg).startsWith('tasks wait for a process that has the version')),
      LIMIT_MS,
    );
    expect(object(report)).toMatchObject({ level: 'warn', agent_role: 'desk', tasks: 1 });
    const plain = await submitted(one, { message: 'Built in' });
    expect(await ended(one, plain)).toMatchObject({ status: 'completed' });
    expect((await taskOf(one, id)).status).toBe('queued');

    await other.start();
    expect(await ended(one, id)).toMatchObject({ status: 'completed' });
    const asked = upstream.allAsked('Unfinished');
    expect(asked.map(({ messages }) => messages[0]?.content)).toEqual(['Other', 'Other']);
  });

  it('continue a response whose process is killed, and show its events on the other replica without a gap', async () => {
    const gate = Promise.withResolvers<undefined>();
    const held = { does: 'reply', text: 'late answer', hold: { afterDeltas: 1, until: gate.promise } } as const;
    upstream.next(held, { does: 'reply', text: 'late answer' });
    const [first, second] = [other, one].map(({ url }) => new OpenAI({ apiKey: 'none', baseURL: `${url}/v1` }));
    const request = { model: 'desk', input: 'Slowly', background: true, stream: true } as const;
    const seen: ResponseStreamEvent[] = [];
    for await (const event of (await first?.responses.create(request)) ?? []) {
      seen.push(event);
      if (event.type === 'response.output_text.delta') break;
    }
    const id = string(object(object(seen[0]).response).id);
    const last = seen.at(-1)?.sequence_number ?? 0;
    await other.kill9();
    gate.resolve(undefined);
    const rest = second?.responses.retrieve(id, { stream: true, starting_after: last });
    await other.startHosted();
    for await (const event of (await rest) ?? []) seen.push(event);
    expect(seen.map(({ sequence_number }) => sequence_number)).toEqual(seen.map((_, index) => index));
    expect(seen.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [{ type: 'message' }] } });
    expect(await second?.responses.retrieve(id)).toMatchObject({ status: 'completed', output_text: 'late answer' });
  });
});
