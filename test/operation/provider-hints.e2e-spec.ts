import { createServer } from 'node:https';
import { once } from 'node:events';
import { chat, send } from '../support/clients/client.js';
import { object, string } from '../support/json.js';
import { TestCertificate } from '../support/servers/certificates.js';
import { CLOSED_PORT } from '../support/servers/free.port.js';
import { Upstream } from '../support/servers/upstream.js';
import { API_KEY, modelAt, removeServices, type Service, startService } from '../support/service/service.js';
import { streamAll } from '../support/clients/sse.js';
import { until } from '../support/until.js';

const CODE = { code: 'invalid_api_key', message: `Incorrect API key provided: ${API_KEY}` };
const certificate = new TestCertificate();
const tls = createServer(certificate.pem, (_, response) => response.end()).listen(0, '127.0.0.1');
await once(tls, 'listening');
const address = tls.address();
const tlsPort = typeof address === 'object' && address ? address.port : 0;
const upstream = await Upstream.start();
const settings = { ...modelAt(upstream), MODEL_API: 'chat', AGENT_TIMEOUT_SECONDS: '5' };

const [own, opened, proxied, keyless, closed, nameless, untrusted] = await Promise.all([
  startService({ ...settings, CHECK_MODEL: 'true' }),
  startService({ ...settings, ALLOW_UNAUTHENTICATED: 'true' }),
  startService({ ...settings, TRUST_PROXY: '127.0.0.1' }),
  startService({ OPENAI_BASE_URL: `${upstream.url}/v1` }),
  startService({ OPENAI_BASE_URL: `http://127.0.0.1:${CLOSED_PORT}/v1`, CHECK_MODEL: 'true' }),
  startService({ OPENAI_BASE_URL: 'http://provider.invalid/v1' }),
  startService({ OPENAI_BASE_URL: `https://127.0.0.1:${tlsPort}/v1` }),
]);

afterAll(async () => {
  tls.close();
  await Promise.all([removeServices(), upstream.close()]);
  certificate.remove();
});

beforeEach(() => upstream.clear());

const hintsOf = (service: Service): string[] =>
  service.logs.flatMap(({ msg, cause }) => (msg === 'run finished' && cause ? [string(object(cause).hint)] : []));

describe('a provider that refuses the key', () => {
  const refuse = { does: 'refuse', status: 401, error: CODE } as const;

  it('makes a service of this machine name the setting, in answers, events and the log', async () => {
    upstream.next(refuse);
    const { status, body } = await chat(own, { message: 'hello' });
    const detail =
      'The model provider answered 401 (invalid_api_key). Check OPENAI_API_KEY: the provider refuses the key.';
    expect({ status, body }).toMatchObject({ status: 502, body: { error: 'model_error', detail } });

    upstream.next(refuse);
    const events = await streamAll(own, { message: 'hello' });
    expect(events.at(-1)).toMatchObject({ event: 'run.failed', data: { error: { detail } } });
    await until('both are logged', () => hintsOf(own).length === 2);
    expect(new Set(hintsOf(own))).toEqual(new Set(['Check OPENAI_API_KEY: the provider refuses the key.']));
    expect(own.output).not.toContain(API_KEY);
  });

  it.each([
    ['everyone may call', opened],
    ['calls come through a proxy', proxied],
  ])('is named in the log alone if %s', async (_, service) => {
    upstream.next(refuse);
    const { body } = await chat(service, { message: 'hello' });
    expect(body.detail).toBe('The model provider answered 401.');
    await until('it is logged', () => hintsOf(service).some((hint) => hint.includes('OPENAI_API_KEY')));
  });

  it('makes the service say that a key is missing', async () => {
    upstream.next({ does: 'refuse', status: 401 });
    expect((await chat(keyless, { message: 'hello' })).body.detail).toContain('Set OPENAI_API_KEY');
  });
});

it('names AGENT_MODEL and OPENAI_BASE_URL if the provider answers 404', async () => {
  upstream.next({ does: 'refuse', status: 404 });
  expect((await chat(own, { message: 'hello' })).body.detail).toMatch(
    /Check AGENT_MODEL, and that OPENAI_BASE_URL ends/,
  );
});

it.each([
  ['a port that refuses connections', closed, 'Check OPENAI_BASE_URL, and that the provider runs'],
  ['a host without address', nameless, 'Check the host of OPENAI_BASE_URL'],
  ['a certificate that is not trusted', untrusted, 'Check OPENAI_BASE_URL: its certificate is not trusted'],
])('names the setting of %s', async (_, service, hint) => {
  expect((await chat(service, { message: 'hello' })).body.detail).toContain(hint);
  await until('it is logged', () => hintsOf(service).some((each) => each.startsWith(hint)));
});

describe('CHECK_MODEL', () => {
  it('logs that the model answers', async () => {
    const line = await until('the model is checked', () => own.logs.find(({ msg }) => msg === 'the model answers'));
    expect(line).toMatchObject({ level: 'info', model: 'gpt-4o', duration_ms: expect.any(Number) });
  });

  it('warns with the hint if the model does not answer, and leaves the service ready', async () => {
    const isWarning = ({ level, msg }: Record<string, unknown>): boolean =>
      level === 'warn' && String(msg).startsWith('the model does not answer');
    const line = await until('the model is checked', () => closed.logs.find(isWarning));
    expect(line).toMatchObject({
      error: 'model_unavailable',
      cause: { network_error: 'ECONNREFUSED', hint: expect.stringContaining('Check OPENAI_BASE_URL') },
    });
    expect((await send(closed, 'GET /health/ready')).status).toBe(200);
    expect(opened.logs.some(({ msg }) => String(msg).startsWith('the model'))).toBe(false);
  });
});
