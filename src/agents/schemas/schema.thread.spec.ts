import { JobTooCostly, SchemaThread, SchemaThreadFailed } from './schema.thread.js';
import type { SchemaJob } from './schema.worker.js';

const PATIENT = { cpuMs: 60_000, wallMs: 60_000 };
const LITTLE_CPU = { ...PATIENT, cpuMs: 50 };
const LITTLE_TIME = { ...PATIENT, wallMs: 50 };
const PATTERN = JSON.stringify({ type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } });
/** Each invalid item adds an error. */
const HUNGRY = JSON.stringify({
  type: 'object',
  properties: { a: { type: 'array', contains: { anyOf: [{ type: 'string' }, { type: 'boolean' }] } } },
});
const ENDLESS: SchemaJob = { type: 'check', schema: PATTERN, answer: JSON.stringify({ a: `${'a'.repeat(60)}!` }) };

const threads: SchemaThread[] = [];

afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.close()));
});

/** A thread that has compiled the schema. */
async function threadFor(schema: string, heapMb = 128): Promise<SchemaThread> {
  const thread = new SchemaThread(heapMb);
  threads.push(thread);
  expect(await thread.run({ type: 'compile', schema }, PATIENT)).toMatchObject({ type: 'compiled' });
  return thread;
}

async function expectWorking(thread: SchemaThread): Promise<void> {
  expect(await thread.run({ type: 'compile', schema: PATTERN }, PATIENT)).toMatchObject({ type: 'compiled' });
  const checked = await thread.run({ type: 'check', schema: PATTERN, answer: '{"a":"aa"}' }, PATIENT);
  expect(checked).toEqual({ type: 'fits', value: '{"a":"aa"}' });
}

describe('SchemaThread', () => {
  it.each([
    ['its CPU time', LITTLE_CPU, JobTooCostly],
    // The machine may have been suspended, so the job is not at fault.
    ['its wall time', LITTLE_TIME, SchemaThreadFailed],
  ])('ends a job that exceeds %s, and continues with the next', async (_, limits, failure) => {
    const thread = await threadFor(PATTERN);

    await expect(thread.run(ENDLESS, limits)).rejects.toThrow(failure);
    await expectWorking(thread);
  });

  it('ends a job that fills its heap, and continues with the next', async () => {
    const thread = await threadFor(HUNGRY, 24);
    const answer = JSON.stringify({ a: Array.from({ length: 500_000 }, () => 0) });

    await expect(thread.run({ type: 'check', schema: HUNGRY, answer }, PATIENT)).rejects.toThrow(JobTooCostly);
    await expectWorking(thread);
  });

  it('reports a schema as not compiled after its thread was replaced', async () => {
    const thread = await threadFor(PATTERN);
    await expect(thread.run(ENDLESS, LITTLE_CPU)).rejects.toThrow(JobTooCostly);

    const reply = await thread.run({ type: 'check', schema: PATTERN, answer: '{}' }, PATIENT);
    expect(reply).toEqual({ type: 'not compiled' });
  });

  it('keeps the process alive only while it has a job', async () => {
    const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
    const idle = ports();
    const thread = await threadFor(PATTERN);
    expect(ports()).toBe(idle);
    const job = thread.run(ENDLESS, LITTLE_CPU);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ports()).toBe(idle + 1);
    await expect(job).rejects.toThrow(JobTooCostly);
  });

  it('names its file if it cannot start, as in a bundle that lacks it', async () => {
    const thread = new SchemaThread(128, new URL('../lost.worker.js', import.meta.url));
    const failure = await thread.run(ENDLESS, PATIENT).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(SchemaThreadFailed);
    expect(failure).toMatchObject({
      cause: { message: expect.stringMatching(/not start from .+lost\.worker\.js\. Leave rookery out of bundles\.$/) },
    });
    await thread.close();
  });

  it('ends its job when it is closed', async () => {
    const thread = await threadFor(PATTERN);
    const job = thread.run(ENDLESS, PATIENT);
    await Promise.all([expect(job).rejects.toMatchObject({ code: 'internal_error' }), thread.close()]);

    await expect(thread.run(ENDLESS, PATIENT)).rejects.toMatchObject({ code: 'draining' });
  });
});
