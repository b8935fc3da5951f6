import { openKeys } from '../../src/keys/open.keys.js';
import type { Scope } from '../../src/auth/scopes.js';
import { chat, send, type Options } from '../support/clients/client.js';
import { string, type Json } from '../support/json.js';
import { flagsOf, ReleaseFiles } from '../support/service/releases.js';
import { modelAt, removeServices, type Service, startService, startToFail } from '../support/service/service.js';
import { until } from '../support/until.js';
import { Upstream } from '../support/servers/upstream.js';

const NEW = flagsOf({ assistant: { 'assistant-2': 1 } });
const LIMIT_MS = 60_000;

const files = await ReleaseFiles.create({
  'assistant.yaml': 'name: assistant-2\nrole: assistant\ninstructions: Be terse.\nmodel: gpt-new\ntemperature: 0.1',
  'flags.yaml': NEW,
});
const upstream = await Upstream.start();
const service = await startService({
  ...modelAt(upstream),
  MODEL_API: 'chat',
  AUTH_MODE: 'api-key',
  RELEASES_DIR: files.directory,
});

afterAll(async () => {
  await removeServices();
  await upstream.close();
  await files.remove();
});

describe('releases', () => {
  it('are selected for runs by flags, and rolled back while the service runs', async () => {
    const caller = await as('chat', 'tasks');

    const { status, body } = await chat(service, { message: 'one', session_id: 's' }, caller);
    expect(status).toBe(200);
    expect(upstream.asked('one')).toMatchObject({
      body: { model: 'gpt-new', temperature: 0.1 },
      messages: [{ role: 'system', content: 'Be terse.' }, { content: 'one' }],
    });
    await until('the run is logged', () => releaseOf(service, string(body.run_id)) === 'assistant-2');

    await files.write('flags.yaml', flagsOf({ assistant: { code: 1 } }));
    await until('it is processed', () => logged('releases reloaded').length === 1, LIMIT_MS);
    const back = await chat(service, { message: 'two', session_id: 's' }, caller);
    expect(upstream.asked('two')).toMatchObject({ body: { model: 'gpt-4o', temperature: 0.7 } });
    await until('the run is logged', () => releaseOf(service, string(back.body.run_id)) === 'code');
  });

  it('are listed for the operator, with the reason of a refused change', async () => {
    const operator = await as('admin');
    await files.write('flags.yaml', flagsOf({ assistant: { 'assistant-9': 1 } }));
    await until(
      'it is refused',
      () => logged('invalid release files; keeping the previous releases').length === 1,
      LIMIT_MS,
    );

    expect(await shown(operator)).toEqual({
      items: [
        {
          name: 'assistant-2',
          role: 'assistant',
          instructions: 'Be terse.',
          model: 'gpt-new',
          temperature: 0.1,
          share: 0,
        },
      ],
      flags: 'folder',
      taken_at: expect.stringMatching(/^\d{4}-.*Z$/),
      refused: expect.stringContaining('its variant "assistant-9" names no release: "assistant-9"'),
    });

    await files.write('flags.yaml', NEW);
    await until('it is processed', async () => (await shown(operator)).refused === undefined, LIMIT_MS);
    expect((await send(service, 'GET /api/v1/admin/releases', await as('chat'))).status).toBe(403);
  });

  it('are pinned over version 2 only by callers that may, and a refusal names no release', async () => {
    await files.write('flags.yaml', flagsOf({ assistant: { code: 1 } }));
    const pin = async (release: string, ...scopes: Scope[]) =>
      await send(service, 'POST /api/v2/agent/chat', { body: { input: 'pin', release }, ...(await as(...scopes)) });
    await until('it is processed', async () => (await pin('code', 'chat')).status === 200, LIMIT_MS);

    for (const name of ['assistant-2', 'unknown']) {
      const { status, body, text } = await pin(name, 'chat');
      expect(status).toBe(422);
      expect(body).toMatchObject({ error: 'validation_failed', errors: [{ field: 'release' }] });
      expect(text.replaceAll(name, '')).not.toContain('assistant-');
    }
    expect((await pin('assistant-2', 'chat', 'releases:pin')).body.release).toBe('assistant-2');
  });

  it('are not a field of version 1', async () => {
    const { status, body } = await chat(service, { message: 'pinned', release: 'code' }, await as('chat'));

    expect(status).toBe(422);
    expect(body).toMatchObject({ error: 'validation_failed', errors: [{ field: 'release' }] });
  });

  it('prevent the start with faults, which are all named', async () => {
    await files.write('singer.yaml', 'name: a b\nrole: singer\nprompt: Sing.');

    const { exitCode, output } = await startToFail({ RELEASES_DIR: files.directory });

    await files.drop('singer.yaml');
    expect(exitCode).toBe(1);
    expect(output).toContain('singer.yaml: unknown field "prompt"');
    expect(output).toContain('singer.yaml: name must be 1–128');
    expect(output).toContain('singer.yaml: no agent "singer"; offered: assistant, researcher, coder');
  });
});

async function as(...scopes: Scope[]): Promise<Options> {
  const door = await openKeys(service.databaseUrl);
  const { key } = await door.keys.create({ name: 'test', tenant: 'acme', scopes }, 'test');
  await door.close();
  return { headers: { authorization: `Bearer ${key}` } };
}

async function shown(operator: Options): Promise<Json> {
  return (await send(service, 'GET /api/v1/admin/releases', operator)).body;
}

function logged(msg: string): Json[] {
  return service.logs.filter((line) => line.msg === msg);
}

function releaseOf({ logs }: Service, runId: string): string | undefined {
  const line = logs.find(({ run_id, msg }) => run_id === runId && msg === 'run finished');
  return line && string(line.release);
}
