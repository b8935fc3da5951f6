import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { CLOSED_PORT } from '../../../test/support/servers/free.port.js';
import { TestCertificate } from '../../../test/support/servers/certificates.js';
import { AgentError } from '../../errors/agent.error.js';
import { createModel } from '../model.factory.js';
import type { ProviderOptionNames } from './provider.hint.js';

const NAMES: ProviderOptionNames = { apiKey: 'MY_KEY', baseUrl: 'MY_URL', api: 'MY_API', model: 'MY_MODEL' };
const SECRET = 'sk-secret-of-the-provider';
const certificate = new TestCertificate();
const servers: Server[] = [];

afterAll(async () => {
  certificate.remove();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** A provider that refuses every request with that error. */
async function refusing(status: number, error: object = {}): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const body = JSON.stringify({ error: { message: SECRET, ...error } });
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  });
  return `http://127.0.0.1:${await portOf(server)}`;
}

interface Shown {
  readonly apiKey?: string | undefined;
  readonly areHintsShown?: boolean;
  readonly isStreamed?: boolean;
}

async function failureAt(baseUrl: string, { apiKey, areHintsShown = false, isStreamed = false }: Shown = {}) {
  const provider = { baseUrl, apiKey, names: NAMES };
  const model = createModel({ model: provider, connections: 1, areHintsShown });
  const messages = [{ role: 'user', content: 'Hello' } as const];
  const request = { model: 'm', instructions: '', messages, tools: [], output: undefined, temperature: 0 };
  const call = { signal: AbortSignal.timeout(5000), deadlineAt: performance.now() + 5000, retries: NO_RETRIES };
  try {
    if (isStreamed) for await (const _ of model.stream({ ...request, maxOutputTokens: undefined }, call)) continue;
    else await model.reply({ ...request, maxOutputTokens: undefined }, call);
  } catch (failure) {
    if (failure instanceof AgentError) return failure;
    throw failure;
  }
  throw new Error('The provider answered.');
}

const NO_RETRIES = { most: 0, longestWaitMs: 0 };

describe.each([false, true])('the hint of a failure (streamed: %s)', (isStreamed) => {
  it.each([
    ['a refused key', 401, { error: {}, apiKey: 'sk-mine' }, 'Check MY_KEY'],
    ['a missing key', 401, { error: {}, apiKey: undefined }, 'Set MY_KEY'],
    [
      'a refused key with status 400',
      400,
      { error: { message: 'API key not valid.' }, apiKey: 'sk-mine' },
      'Check MY_KEY',
    ],
    [
      'an account without credit',
      429,
      { error: { code: 'insufficient_quota' }, apiKey: 'sk-mine' },
      'Check the credit',
    ],
    ['a key without rights', 403, { error: {}, apiKey: 'sk-mine' }, 'Check MY_KEY'],
    ['an unknown model', 404, { error: { code: 'model_not_found' }, apiKey: 'sk-mine' }, 'Check MY_MODEL'],
    ['a wrong path', 404, { error: {}, apiKey: 'sk-mine' }, 'Check MY_MODEL, and that MY_URL ends with'],
  ])('names the setting of %s', async (_, status, { error, apiKey }, hint) => {
    const failure = await failureAt(`${await refusing(status, error)}/v1`, { apiKey, isStreamed });
    expect(failure.cause).toMatchObject({ status, hint: expect.stringContaining(hint) });
    expect(failure.message).not.toContain('MY_');
    expect(JSON.stringify(failure.cause)).not.toContain(SECRET);
  });

  it('says that a base URL lacks its version', async () => {
    const { cause } = await failureAt(await refusing(404), { isStreamed });
    expect(cause).toMatchObject({ hint: expect.stringContaining('MY_URL: it has no path') });
  });

  it('names the setting of a port that refuses connections', async () => {
    const { cause } = await failureAt(`http://127.0.0.1:${CLOSED_PORT}/v1`, { isStreamed });
    expect(cause).toMatchObject({ network_error: 'ECONNREFUSED', hint: expect.stringContaining('Check MY_URL') });
  });

  it('names the setting of a host without address', async () => {
    const { cause } = await failureAt('http://provider.invalid/v1', { isStreamed });
    expect(cause).toMatchObject({ hint: expect.stringContaining('Check the host of MY_URL') });
  });

  it('names the setting of a certificate that is not trusted', async () => {
    const port = await portOf(createTlsServer({ ...certificate.pem }, (_, response) => response.end()));
    const { cause } = await failureAt(`https://127.0.0.1:${port}/v1`, { isStreamed });
    expect(cause).toMatchObject({ hint: expect.stringMatching(/MY_URL.*not trusted.*NODE_EXTRA_CA_CERTS/) });
  });

  it('names the setting of https at a port without TLS', async () => {
    const port = await portOf(createServer((_, response) => response.end()));
    const { cause } = await failureAt(`https://127.0.0.1:${port}/v1`, { isStreamed });
    expect(cause).toMatchObject({ hint: expect.stringContaining('http or https in MY_URL') });
  });

  it('names the settings of a page that answers instead of the API', async () => {
    const port = await portOf(createServer((_, response) => response.end('<html>Welcome</html>')));
    const { cause } = await failureAt(`http://127.0.0.1:${port}`, { isStreamed });
    expect(cause).toMatchObject({ hint: expect.stringMatching(/MY_URL.*MY_API/) });
  });

  it('stands in the message with the code of the provider, if hints are shown', async () => {
    const url = `${await refusing(401, { code: 'invalid_api_key' })}/v1`;
    const { message } = await failureAt(url, { apiKey: 'sk-mine', areHintsShown: true, isStreamed });
    expect(message).toBe(
      'The model provider answered 401 (invalid_api_key). Check MY_KEY: the provider refuses the key.',
    );
  });

  it('shows nothing else of the provider', async () => {
    const url = `${await refusing(401, { code: `${SECRET}: you said "Hello"` })}/v1`;
    const { message } = await failureAt(url, { areHintsShown: true, isStreamed });
    expect(message).toBe('The model provider answered 401. Set MY_KEY: the provider needs a key.');
  });

  it('is absent if the provider refuses the request', async () => {
    const { cause } = await failureAt(`${await refusing(422)}/v1`, { isStreamed });
    expect(cause).not.toHaveProperty('hint', expect.any(String));
  });
});
