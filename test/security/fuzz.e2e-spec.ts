import { randomInt } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { openKeys } from '../../src/keys/open.keys.js';
import { type FuzzRequest, Fuzzer } from '../support/clients/fuzz.js';
import { send } from '../support/clients/client.js';
import { isObject, type Json, object, parseObject } from '../support/json.js';
import { Random } from '../support/random.js';
import { removeServices, startService } from '../support/service/service.js';

// `FUZZ_REQUESTS=10000 FUZZ_SEED=1 npm test -- fuzz` sends more requests, and repeats those of a seed.
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1500);
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
/** First uses of parts that are loaded on demand, whose stalls do not count. */
const WARM_UP = 300;
const AT_ONCE = 8;
const ANSWER_LIMIT_MS = 15_000;
/** An open stream is not waited for. */
const STREAM_MS = 500;

const WATCH = fileURLToPath(new URL('../support/service/loop.watch.mjs', import.meta.url));
const service = await startService({ AUTH_MODE: 'api-key', NODE_OPTIONS: `--import=${WATCH}` });
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

afterAll(async () => {
  agent.destroy();
  await removeServices();
});

async function newKey(): Promise<string> {
  const opened = await openKeys(service.databaseUrl);
  try {
    return (await opened.keys.create({ name: 'fuzz', tenant: 'fuzz', scopes: ['admin'] }, 'test')).key;
  } finally {
    await opened.close();
  }
}

/** The operations of both documents. */
async function wholeDocument(): Promise<Json> {
  const [own, openai] = await Promise.all(
    ['GET /openapi.json', 'GET /v1/openapi.json'].map(async (call) => (await send(service, call)).body),
  );
  const schemasOf = (document: Json | undefined): Json => object(object(document?.components).schemas);
  return {
    paths: { ...object(own?.paths), ...object(openai?.paths) },
    components: { schemas: { ...schemasOf(own), ...schemasOf(openai) } },
  };
}

/** Returns what is wrong with the answer; undefined if nothing is. */
async function faultOf({ method, path, headers, body }: FuzzRequest, key: string): Promise<string | undefined> {
  const { hostname, port } = new URL(service.url);
  const length = body && { 'content-length': String(body.length) };
  const sent = request({ hostname, port, method, path, agent, headers: { ...headers, ...length, 'x-api-key': key } });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve('no answer'), ANSWER_LIMIT_MS);
  sent.on(
    'response',
    (response) => void read(response).then((text) => resolve(wrongWith(response, text, { method, path }))),
  );
  // The service may refuse a body before all of it is sent.
  sent.on('error', (failure) => resolve(body === undefined ? `a broken connection: ${failure.message}` : undefined));
  sent.end(body);
  const fault = await promise;
  clearTimeout(timer);
  sent.destroy();
  return fault;
}

/** Reads the body, or the beginning of a stream. */
async function read(response: IncomingMessage): Promise<string> {
  const isStream = /event-stream|ndjson/.test(response.headers['content-type'] ?? '');
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => (text += part));
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('close', resolve).once('error', () => resolve());
  const timer = isStream && setTimeout(resolve, STREAM_MS);
  await promise;
  if (timer) clearTimeout(timer);
  return text;
}

type Sent = Pick<FuzzRequest, 'method' | 'path'>;

function wrongWith({ statusCode = 0, headers }: IncomingMessage, text: string, { method, path }: Sent) {
  if (statusCode < 400 || method === 'HEAD') return undefined;
  const body = parseObject(text);
  // A switch may have stopped an agent or the tenant.
  const code = isObject(body.error) ? body.error.code : body.error;
  if (statusCode >= 500 && code !== 'stopped') return `status ${statusCode}: ${text.slice(0, 300)}`;
  const isProblem = headers['content-type']?.startsWith('application/problem+json') === true;
  const isOpenAI = isObject(body.error) && path.startsWith('/v1');
  const isOwn = isProblem ? body.status === statusCode : typeof body.error === 'string' && 'detail' in body;
  const isError = isOpenAI ? typeof code === 'string' : isOwn;
  // An error of the OpenAI-compatible API has its id in a header only.
  const id = isOpenAI ? headers['x-request-id'] : body.request_id;
  return isError && typeof id === 'string' ? undefined : `another body: ${text.slice(0, 300)}`;
}

it('answers as usual if a request expects something unknown', async () => {
  const answer = await send(service, 'GET /api/v1/agent/roles', { headers: { expect: 'a miracle' } });
  expect(answer).toMatchObject({ status: 401, body: { error: 'unauthenticated' } });
});

it(`answers ${REQUESTS} hostile requests to all routes without a failure or a stall, seed ${SEED}`, async () => {
  let key = await newKey();
  const fuzzer = new Fuzzer(await wholeDocument(), new Random(SEED));
  expect(fuzzer.operations).toBeGreaterThan(40);
  const faults: string[] = [];
  const work = async (requests: number[]): Promise<void> => {
    for (let number = requests.pop(); number !== undefined; number = requests.pop()) {
      const next = fuzzer.next();
      // The requests may revoke keys, and erase the tenant.
      if (number % 100 === 0) key = await newKey();
      const fault = await faultOf(next, key);
      if (fault === undefined) continue;
      const { method, path, headers, body } = next;
      faults.push(`${number} ${method} ${path} ${JSON.stringify(headers)} ${body?.toString().slice(0, 300)}: ${fault}`);
    }
  };
  const sendAll = async (count: number): Promise<void> => {
    const requests = Array.from({ length: count }, (_, index) => count - index);
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(requests)));
  };
  await sendAll(WARM_UP);
  const { length } = service.output;
  await sendAll(REQUESTS);

  expect(faults).toEqual([]);
  expect(service.output.slice(length).match(/the event loop stood still.*/g)).toBeNull();
  expect((await send(service, 'GET /health/ready')).status).toBe(200);
}, 600_000);
