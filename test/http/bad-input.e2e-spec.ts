import { connect } from 'node:net';
import { chat, send, type Answer } from '../support/clients/client.js';
import { badBytes, batches, requestHead, type BadRequest } from '../support/clients/bad-requests.js';
import { expectError } from '../support/clients/expect-error.js';
import { objects, string } from '../support/json.js';
import { removeServices, startService } from '../support/service/service.js';

const TIME_LIMIT_MS = 5000;

const service = await startService();

afterAll(removeServices);

it('sends more than 300 bad requests', () => {
  expect(batches.flatMap(({ requests }) => requests).length).toBeGreaterThan(300);
});

describe.each(batches)('$kind', ({ requests }) => {
  it('are refused with 4xx and an ErrorResponse, and a valid request still works', async () => {
    const faults = await inGroups(requests, async (request) => {
      const answer = await ask(request);
      const fault = typeof answer === 'string' ? answer : faultOf(answer, request.status);
      return fault && `${request.what.slice(0, 100)}: ${fault}`;
    });

    expect(faults).toEqual([]);
    expect((await chat(service, { message: 'hello' })).status).toBe(200);
  });
});

describe('bytes that are not a request', () => {
  it('get 4xx or a closed connection, and a valid request still works', async () => {
    const faults = await inGroups(badBytes(), async ({ what, bytes }) => {
      const status = await exchange(bytes);
      return status === 'hangs' || (status !== 'closed' && (status < 400 || status > 499)) ? `${what}: ${status}` : '';
    });

    expect(faults).toEqual([]);
    expect((await chat(service, { message: 'hello' })).status).toBe(200);
  });

  it('get 413 if a body without a length exceeds 256 KiB', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const head = requestHead('transfer-encoding: chunked');

    expect(await exchange(`${head}${chunk.repeat(20)}0\r\n\r\n`)).toBe(413);
  });
});

it.each([
  [
    '/api/v1/agent/chat',
    { message: 'a', stream: true },
    'leave it out, and send the request to /api/v1/agent/chat/stream',
  ],
  [
    '/api/v1/agent/tasks',
    { message: 'a', stream: true },
    'leave it out, and read /api/v1/agent/tasks/{task_id}/events',
  ],
  ['/api/v2/agent/chat', { input: 'a', stream: true }, 'leave it out, and send the header `Accept: text/event-stream`'],
  ['/api/v1/agent/chat', { messages: [] }, 'send the new message as `message`; `session_id` resumes a conversation'],
  ['/api/v1/agent/tasks', { input: 'a' }, 'version 1 calls it `message`'],
  ['/api/v2/agent/chat', { message: 'a' }, 'version 2 calls it `input`'],
])('names what to send instead of a field of another API: %s %j', async (path, body, hint) => {
  const answer = await send(service, `POST ${path}`, { body });

  expectError(answer, 422, 'validation_failed');
  const field = Object.keys(body).at(-1);
  expect(answer.body.errors).toContainEqual({ field, message: `${field} is not a field of this request: ${hint}` });
});

it('gets an answer smaller than itself for 5,000 unknown names', async () => {
  const body = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1]));

  const answer = await chat(service, { message: 'hello', ...body });

  expectError(answer, 422, 'validation_failed');
  expect(objects(answer.body.errors).length).toBeLessThanOrEqual(100);
  expect(answer.text.length).toBeLessThan(JSON.stringify(body).length);
});

it('logs no error of the service itself', () => {
  const failed = service.logs.filter(({ status }) => typeof status === 'number' && status >= 500);
  expect(failed.map(({ request_id }) => request_id)).toEqual([]);
  expect(service.output).not.toMatch(/internal_error|unhandled|uncaught/i);
});

/** Returns the answer, or the failure as text. */
function ask({ call, body, headers = {} }: BadRequest): Promise<Answer | string> {
  return send(service, call, { body, headers, signal: AbortSignal.timeout(TIME_LIMIT_MS) }).catch(String);
}

/** Returns how the answer differs from a refusal with an ErrorResponse; empty if it does not. */
function faultOf({ status, headers, text, body }: Answer, expected?: number): string {
  if (status < 400 || status > 499) return `status ${status}, ${text.slice(0, 200)}`;
  if (expected !== undefined && status !== expected)
    return `status ${status} and not ${expected}: ${text.slice(0, 200)}`;
  const isErrorResponse =
    /^[a-z_]+$/.test(string(body.error)) &&
    (body.detail === null || string(body.detail) !== '') &&
    string(body.request_id) !== '' &&
    body.request_id === headers['x-request-id'] &&
    (status !== 422 || Array.isArray(body.errors));
  return isErrorResponse ? '' : `status ${status} with ${text.slice(0, 200)}`;
}

/** Sends the bytes and then ends. Returns the status, `closed` without an answer, or `hangs` after five seconds. */
function exchange(bytes: string): Promise<number | 'closed' | 'hangs'> {
  return new Promise((resolve) => {
    let received = '';
    const statusOr = (otherwise: 'closed' | 'hangs') => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(received) ?? [];
      resolve(status ? Number(status) : otherwise);
    };
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.end(bytes, 'latin1'));
    const timer = setTimeout(() => {
      statusOr('hangs');
      socket.destroy();
    }, TIME_LIMIT_MS);
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      statusOr('closed');
    });
  });
}

/** Runs 25 at a time and returns the results that are not empty. */
async function inGroups<T>(items: readonly T[], run: (item: T) => Promise<string>): Promise<string[]> {
  const kept: string[] = [];
  for (let from = 0; from < items.length; from += 25) {
    kept.push(...(await Promise.all(items.slice(from, from + 25).map(run))).filter(Boolean));
  }
  return kept;
}
