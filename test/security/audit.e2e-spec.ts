import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openKeys, type OpenKeys } from '../../src/keys/open.keys.js';
import { runAuditCommand } from '../../src/service/audit.command.js';
import type { Scope } from '../../src/auth/scopes.js';
import { send, type Answer } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { objects, parseObject, string, type Json } from '../support/json.js';
import { callCommand, executeCommand, type EndedCommand } from '../support/service/commands.js';
import { removeServices, startPair } from '../support/service/service.js';
import { openStream } from '../support/clients/sse.js';

const API = '/api/v1/agent';
const ADMIN = '/api/v1/admin';
const CALLER_SCOPES: readonly Scope[] = ['chat', 'tasks', 'sessions:read', 'sessions:write'];

type Headers = Record<string, string>;

const { service, upstream } = await startPair('chat', { AUTH_MODE: 'api-key' });
const opened: OpenKeys = await openKeys(service.databaseUrl);
const operator = await callerOf('ops', ['admin']);

afterAll(async () => {
  await opened.close();
  await removeServices();
});

beforeEach(() => upstream.clear());

describe('the audit', () => {
  it('records changes of keys, sessions and approvals, with actor and request', async () => {
    const body = { name: 'made', tenant: 'acme', scopes: ['chat'] };
    const headers = { ...operator, 'x-request-id': 'making' };
    const { body: made } = await send(service, `POST ${ADMIN}/keys`, { headers, body });
    const id = string(made.key_id);
    await send(service, `POST ${ADMIN}/keys/${id}/rotate`, { headers: operator, body: { overlap_seconds: 5 } });
    await send(service, `DELETE ${ADMIN}/keys/${id}`, { headers: operator });
    await send(service, `DELETE ${ADMIN}/keys/${id}`, { headers: operator });
    const acme = await callerOf('acme');
    const { body: answer } = await send(service, `POST ${API}/chat`, { headers: acme, body: { message: 'a secret' } });
    await send(service, `DELETE ${API}/sessions/${string(answer.session_id)}`, { headers: acme });

    const page = await send(service, `GET ${ADMIN}/audit?tenant=acme&limit=100`, { headers: operator });

    const entries = objects(page.body.items).toReversed();
    expect(entries.map(({ action }) => action)).toEqual([
      'key.created',
      'key.rotated',
      'key.revoked',
      'key.created',
      'session.deleted',
    ]);
    expect(entries[0]).toMatchObject({
      target: `key:${id}`,
      request_id: 'making',
      actor: expect.stringMatching(/^key:/),
    });
    expect(entries[4]).toMatchObject({
      target: `session:${string(answer.session_id)}`,
      details: { messages: 2, runs: 1 },
    });
    expect(page.text).not.toContain('a secret');
    expect(page.text).not.toContain(string(made.key).slice(-20));
    const filtered = await send(service, `GET ${ADMIN}/audit?tenant=acme&action=key.revoked&from=2026-01-01`, {
      headers: operator,
    });
    expect(objects(filtered.body.items)).toHaveLength(1);
    expectError(await send(service, `GET ${ADMIN}/audit?action=any`, { headers: operator }), 422, 'validation_failed');
  });

  it('is exported and verified in a file and in the database, including changes', async () => {
    const exported = await send(service, `GET ${ADMIN}/audit/export`, { headers: operator });
    expect(exported.headers['content-type']).toBe('application/x-ndjson');
    const file = join(service.folder, 'audit.ndjson');
    await writeFile(file, exported.text);
    const { length } = linesOf(exported);

    const ofFile = await audit('verify', file);
    expect(ofFile).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${length} entries are valid, 1 to ${length}.`),
    });
    const anchor = ofFile.output.trim().split('\n').at(-1) ?? '';
    expect(await audit('verify', '--anchor', anchor)).toMatchObject({ exitCode: 0 });
    const cli = await executeAudit('export', '--after', String(length));
    expect(parseObject(cli.output.trim().split('\n')[0] ?? '')).toMatchObject({
      sequence: length + 1,
      action: 'audit.exported',
    });

    await writeFile(file, exported.text.replace('"key.rotated"', '"key.created"'));
    const changed = await executeAudit('verify', file);
    expect(changed).toMatchObject({ exitCode: 1, output: '' });
    expect(changed.errors).toMatch(/broken at entry \d+: it was changed/);
    await writeFile(
      file,
      `\n> rookery@0.1.0 audit\n> node dist/app/main.audit.js export\n\n${await readFile(file, 'utf8')}`,
    );
    const noisy = await audit('verify', file);
    expect(noisy).toMatchObject({ exitCode: 1 });
    expect(noisy.errors).toContain('does not begin with an entry of the audit, but with "> rookery@0.1.0 audit"');
    expect(noisy.errors).toContain('`npm run -s audit -- export`');

    expect(await audit()).toMatchObject({ exitCode: 1, errors: expect.stringContaining('Usage') });
    expect(await audit('verify', '/no/such/file')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('the file /no/such/file does not exist'),
    });
    const database = new DatabaseSync(join(service.folder, 'rookery.db'));
    expect(() => database.exec("update audit_entries set actor = 'nobody'")).toThrow('never changed');
    database.close();
  });
});

describe('the data of an end user', () => {
  it('is exported and erased only by them and their tenant, even during a run', async () => {
    const own = await callerOf('shop');
    const [ada, bob] = [
      { ...own, 'x-end-user': 'ada' },
      { ...own, 'x-end-user': 'bob' },
    ];
    const { body } = await send(service, `POST ${API}/chat`, { headers: ada, body: { message: 'remember me' } });
    for (const [headers, path] of [
      [bob, `${API}/end-users/ada/export`],
      [await callerOf('shop', ['chat']), `${API}/end-users/ada/export`],
      [own, `${ADMIN}/tenants/shop/export`],
    ] as const) {
      expectError(await send(service, `GET ${path}`, { headers }), 403, 'forbidden');
    }
    expectError(await send(service, `DELETE ${API}/end-users/ada`, { headers: bob }), 403, 'forbidden');
    const sessionPath = `${API}/sessions/${string(body.session_id)}/export`;
    const other = await callerOf('umbrella');
    expectError(await send(service, `GET ${sessionPath}`, { headers: other }), 404, 'session_not_found');
    for (const headers of [ada, own]) {
      for (const path of [`${API}/end-users/ada/export`, sessionPath]) {
        const lines = linesOf(await send(service, `GET ${path}`, { headers }));
        expect(lines.filter(({ type }) => type === 'message').map(({ content }) => content)).toContain('remember me');
        expect(lines.at(-1)).toMatchObject({ type: 'end', counts: { session: 1, message: 2, run: 1 } });
      }
    }
    const unknown = await send(service, `GET ${API}/end-users/ada/export`, { headers: other });
    expectError(unknown, 404, 'not_found');
    const { body: audited } = await send(service, `GET ${ADMIN}/audit?tenant=umbrella&action=data.exported`, {
      headers: operator,
    });
    expect(audited.items).toEqual([]);

    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Promise(() => undefined) } });
    const stream = await openStream(service, { message: 'long' }, { headers: ada });
    await stream.readTo('message.delta');
    const erased = await send(service, `DELETE ${API}/end-users/ada`, { headers: ada });

    expect(erased).toMatchObject({ status: 200, body: { sessions: 1, messages: 2 } });
    expect(Number(erased.body.runs)).toBeGreaterThanOrEqual(1);
    expect((await stream.rest()).at(-1)?.event).toBe('run.cancelled');
    expect((await send(service, `GET ${API}/sessions?end_user=ada`, { headers: own })).body.items).toEqual([]);
    const left = await send(service, `GET ${ADMIN}/tenants/shop/export`, { headers: operator });
    expect(left.text).not.toMatch(/remember me|"ada"/);
    expect(linesOf(left).filter(({ type }) => type === 'session' || type === 'run')).toEqual([]);
  });
});

describe('a tenant', () => {
  it('is erased with its keys, only by the operator', async () => {
    const own = await callerOf('leaving');
    const { body } = await send(service, `POST ${API}/chat`, { headers: own, body: { message: 'bye' } });
    expectError(await send(service, `DELETE ${ADMIN}/tenants/leaving`, { headers: own }), 403, 'forbidden');

    const erased = await send(service, `DELETE ${ADMIN}/tenants/leaving`, { headers: operator });

    expect(erased).toMatchObject({ status: 200, body: { sessions: 1, messages: 2, runs: 1, keys: 1 } });
    expectError(await send(service, `GET ${API}/sessions`, { headers: own }), 401, 'unauthenticated');
    const path = `${API}/sessions/${string(body.session_id)}?tenant=leaving`;
    expectError(await send(service, `GET ${path}`, { headers: operator }), 404, 'session_not_found');
    expect((await send(service, `DELETE ${ADMIN}/tenants/leaving`, { headers: operator })).body).toMatchObject({
      sessions: 0,
      keys: 0,
    });
    expect(await audit('verify')).toMatchObject({ exitCode: 0, errors: '' });
  });
});

async function callerOf(tenant: string, scopes = CALLER_SCOPES): Promise<Headers> {
  const { key } = await opened.keys.create({ name: 'test', tenant, scopes }, 'test');
  return { authorization: `Bearer ${key}` };
}

function linesOf({ text, status }: Answer): Json[] {
  expect(status).toBe(200);
  return text.trim().split('\n').map(parseObject);
}

/** Runs the function behind the command. */
function audit(...words: string[]): Promise<EndedCommand> {
  return callCommand(runAuditCommand, service.databaseUrl, ...words);
}

/** Runs the command in a process of its own. */
function executeAudit(...words: string[]): Promise<EndedCommand> {
  return executeCommand('main.audit.js', service.databaseUrl, ...words);
}
