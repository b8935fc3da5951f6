import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import OpenAI, { AuthenticationError, NotFoundError } from 'openai';
import { COMPLETIONS_FIELDS } from '../../src/openai/chat/completions.fields.js';
import { RESPONSES_FIELDS } from '../../src/openai/responses/responses.fields.js';
import { openKeys } from '../../src/keys/open.keys.js';
import { send } from '../support/clients/client.js';
import { object, string } from '../support/json.js';
import { removeServices, startService } from '../support/service/service.js';

const [service, closed] = await Promise.all([
  startService({ AUTH_MODE: 'api-key', RATE_LIMIT_REQUESTS: '1000' }),
  startService({ ALLOW_UNAUTHENTICATED: 'true' }),
]);
const opened = await openKeys(service.databaseUrl);
const { key } = await opened.keys.create({ name: 'all', tenant: 'acme', scopes: ['chat'] }, 'test');
const limited = await opened.keys.create(
  { name: 'coder', tenant: 'acme', scopes: ['chat'], agentRoles: ['coder'] },
  'test',
);
const client = clientOf(key);

afterAll(async () => {
  await opened.close();
  await removeServices();
});

function clientOf(apiKey: string, target = service): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${target.url}/v1`, maxRetries: 0 });
}

describe('the models', () => {
  it('are the agents', async () => {
    const { data } = await client.models.list();
    expect(data).toContainEqual({ id: 'assistant', object: 'model', created: 0, owned_by: 'rookery' });
    expect(await client.models.retrieve('coder')).toMatchObject({ id: 'coder', object: 'model' });
  });

  it('are only those that a key may run', async () => {
    const { data } = await clientOf(limited.key).models.list();
    expect(data.map(({ id }) => id)).toEqual(['coder']);
    await expect(clientOf(limited.key).models.retrieve('assistant')).rejects.toThrow(NotFoundError);
  });

  it('do not exist without the API, which is off if everyone may call', async () => {
    expect((await send(closed, 'GET /v1/models')).status).toBe(404);
    expect((await send(closed, 'GET /v1/openapi.json')).status).toBe(404);
  });
});

describe('an error', () => {
  it("is one of the classes of OpenAI's client, with its four fields and the id of the request", async () => {
    const unknown: unknown = await client.models.retrieve('gpt-9').catch((failure: unknown) => failure);
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({
      status: 404,
      type: 'not_found',
      param: 'model',
      code: 'model_not_found',
      requestID: expect.stringMatching(/^[\w-]+$/),
      message: expect.stringContaining('Offered: assistant'),
    });
    const refused: unknown = await clientOf('nonsense')
      .models.list()
      .catch((failure: unknown) => failure);
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it.each([
    ['an unknown route', 'GET /v1/nothing', 404, 'not_found'],
    ['another method', 'DELETE /v1/models', 405, 'method_not_allowed'],
  ])('has the same form for %s', async (_, call, status, code) => {
    const answer = await send(service, call, { headers: { authorization: `Bearer ${key}` } });
    expect(answer).toMatchObject({ status, body: { error: { code, param: null } } });
    expect(answer.headers['x-request-id']).toMatch(/\S/);
  });

  it('has the form of this service elsewhere', async () => {
    expect((await send(service, 'GET /nothing')).body).toMatchObject({
      error: 'not_found',
      detail: expect.any(String),
    });
  });
});

describe('every answer', () => {
  it('has the limits of the caller, and is not cached', async () => {
    const { headers } = await send(service, 'GET /v1/models', { headers: { authorization: `Bearer ${key}` } });
    expect(headers).toMatchObject({
      ratelimit: expect.stringContaining('"default"'),
      'cache-control': 'no-store',
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-remaining-requests': expect.stringMatching(/^\d+$/),
      'x-ratelimit-reset-requests': expect.stringMatching(/^\d+s$/),
    });
  });
});

describe('a large body', () => {
  it.each([
    ['CreateResponse', RESPONSES_FIELDS],
    ['CreateChatCompletion', COMPLETIONS_FIELDS],
  ])('has each of its fields in the document if the field has a use: %s', async (name, rules) => {
    const { body } = await send(service, 'GET /v1/openapi.json', { headers: { authorization: `Bearer ${key}` } });
    const schema = object(object(object(body.components).schemas)[name]);
    const used = Object.keys(rules).filter((field) => ['honoured', 'echoed'].includes(rules[field]?.use ?? ''));
    expect(Object.keys(object(schema.properties)).toSorted()).toEqual(used.toSorted());
    const required = name === 'CreateResponse' ? ['model', 'input'] : ['model', 'messages'];
    expect(schema.required).toEqual(required);
  });

  it('is not read without the scope of its route', async () => {
    const reading = await opened.keys.create({ name: 'reads', tenant: 'acme', scopes: ['usage:read'] }, 'test');
    const headers = {
      authorization: `Bearer ${reading.key}`,
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    };
    const { body } = await send(service, 'GET /v1/openapi.json', { headers: { authorization: `Bearer ${key}` } });
    const routes = Object.entries(object(body.paths)).flatMap(([path, methods]) =>
      Object.entries(object(methods)).map(([method, route]) => ({
        path,
        method,
        scope: string(object(route)['x-scope']),
      })),
    );
    const withBody = routes.filter(({ method }) => method !== 'get');
    expect(withBody.length).toBeGreaterThan(8);
    for (const { path, method, scope } of withBody) {
      const url = service.url + path.replaceAll(/\{\w+\}/g, 'x');
      const sent = request(url, { method: method.toUpperCase(), headers });
      sent.on('error', () => undefined);
      // The body does not end: nobody waits for it.
      sent.write('{');
      const [answer]: IncomingMessage[] = await once(sent, 'response');
      expect(answer?.statusCode).toBe(403);
      expect(answer === undefined ? '' : await readText(answer)).toContain(`the scope ${scope}.`);
      sent.destroy();
    }
  });
});
