import { createHash } from 'node:crypto';
import { SCOPES as SERVICE_SCOPES } from '../auth/scopes.js';
import { type AuditReport, RookeryClient, SCOPES } from './index.js';

const NO_HASH = '0'.repeat(64);

function clientOf(...answers: readonly (Response | Error)[]) {
  const sent: string[] = [];
  const left = [...answers];
  const client = new RookeryClient({
    baseUrl: 'http://rookery.test',
    maxRetries: 1,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.method} ${request.url.slice('http://rookery.test'.length)} ${await request.text()}`.trim());
      const answer = left.shift() ?? Response.error();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { client, sent };
}

function away(): Response {
  const body = { error: 'storage_unavailable', detail: null, request_id: 'q-1' };
  return Response.json(body, { status: 503, headers: { 'retry-after': '0' } });
}

it('knows the scopes of the service', () => {
  expect(SCOPES).toEqual(SERVICE_SCOPES);
});

describe('the calls of operators', () => {
  it('repeats changes that set a value, but not those that make a secret', async () => {
    const key = { key_id: 'k-1', tenant: 'acme' };
    const { client, sent } = clientOf(away(), Response.json(key), away(), Response.json({ items: [] }), away(), away());

    expect(await client.keys.update('k-1', { name: 'desk' })).toEqual(key);
    expect(await client.switches.set({ kind: 'role', name: 'coder', stopped: true })).toEqual([]);
    await expect(client.keys.rotate('k-1', { overlap_seconds: 60 })).rejects.toMatchObject({ status: 503 });
    await expect(client.keys.create({ name: 'a', tenant: 'b', scopes: ['chat'] })).rejects.toMatchObject({
      status: 503,
    });
    expect(sent).toEqual([
      ...Array<string>(2).fill('PATCH /api/v1/admin/keys/k-1 {"name":"desk"}'),
      ...Array<string>(2).fill('PUT /api/v1/admin/switches {"kind":"role","name":"coder","stopped":true}'),
      'POST /api/v1/admin/keys/k-1/rotate {"overlap_seconds":60}',
      'POST /api/v1/admin/keys {"name":"a","tenant":"b","scopes":["chat"]}',
    ]);
  });

  it('returns the readiness of a service that is not ready', async () => {
    const body = { status: 'unavailable', database: 'down', runs: 'accepted' };
    const { client } = clientOf(Response.json(body, { status: 503 }));
    expect(await client.readiness()).toEqual(body);
  });
});

describe('an export', () => {
  it('yields each line, wherever its bytes are split', async () => {
    const bytes = new TextEncoder().encode('{"type":"export","subject":"é"}\n{"type":"end"}');
    const { client } = clientOf(new Response(streamOf([...bytes].map((byte) => Uint8Array.of(byte)))));
    const rows = await Array.fromAsync(client.sessions.export('s-1'));
    expect(rows).toEqual([{ type: 'export', subject: 'é' }, { type: 'end' }]);
  });

  it.each(['{"type":"export"', '[]', '{"kind":"export"}', 'null'])('is unexpected with the line %j', async (line) => {
    const { client } = clientOf(new Response(`${line}\n`));
    await expect(client.endUsers.export('ada').next()).rejects.toMatchObject({ code: 'unexpected_answer' });
  });

  it('fails if its connection breaks, and cancels it if the caller stops', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('{"type":"run"}\n')),
      cancel: () => {
        isCancelled = true;
      },
    });
    const { client } = clientOf(new Response(broken), new Response(endless));
    const reading = client.endUsers.export('ada').next();
    await expect(reading).rejects.toMatchObject({ code: 'network_error', detail: 'The answer broke off: terminated.' });
    for await (const { type } of client.endUsers.export('ada')) if (type === 'run') break;
    expect(isCancelled).toBe(true);
  });
});

describe('audit.verify', () => {
  const chain = chainOf(3);
  const verify = (entries: readonly object[]): Promise<AuditReport> =>
    clientOf(new Response(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))).client.audit.verify();

  it('returns the last entry of an intact chain', async () => {
    expect(await verify([])).toEqual({ entries: 0 });
    expect(await verify(chain)).toEqual({ entries: 3, head: { sequence: 3, hash: chain[2]?.hash } });
  });

  it('names the first entry that was changed, removed or inserted', async () => {
    const [first, second, third] = chain;
    const changed = { ...second, target: 'key:other' };
    expect(await verify([first, changed, third].map(Object))).toMatchObject({ entries: 1, broken: { sequence: 2 } });
    const reason = 'it is missing; the next entry is 3';
    expect(await verify([first, third].map(Object))).toMatchObject({ broken: { sequence: 2, reason } });
    const forged = { ...third, previous_hash: NO_HASH };
    expect(await verify([first, second, forged].map(Object))).toMatchObject({ entries: 2, broken: { sequence: 3 } });
  });
});

function streamOf(chunks: Uint8Array[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull: (controller) => {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(Uint8Array.from(chunk));
    },
  });
}

/** Entries as the service makes them: the names of their fields are sorted already. */
function chainOf(length: number): { hash: string }[] {
  let previous_hash = NO_HASH;
  return Array.from({ length }, (_, index) => {
    const fields = {
      action: 'key.created',
      details: { a: ['é'] },
      previous_hash,
      sequence: index + 1,
      target: 'key:1',
    };
    previous_hash = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
    return { ...fields, hash: previous_hash };
  });
}
