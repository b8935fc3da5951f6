import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { number, print, table } from './report.ts';
import { Server } from './server.ts';
import { SERVICE, startFlags } from './stage.ts';

/** Memory levels off during the first half. The second half shows whether each schema adds to it. */
const MARKS = [20_000, 40_000];
const CONCURRENCY = 8;
const AIM_PERCENT = 10;
/** A run that does not reach the last mark in this time is invalid. */
const MAX_MS = 600_000;
const MAX_FAULTS = 20;
const SETTLE_MS = 1000;
const SAMPLES = 5;
const PATH = '/api/v2/agent/chat';
const HEADERS = { 'content-type': 'application/json' };

interface Mark {
  readonly calls: number;
  readonly rssMiB: number;
}

/** Sends calls with a new output schema each, and measures the memory that the service retains. */
export async function measureSchemas(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const env = {
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'rookery.db')}`,
    RATE_LIMIT_REQUESTS: '100000000',
  };
  const server = await Server.start({ name: 'service', args: [...startFlags(), SERVICE], env }, folder);
  const caller = new SchemaCaller(server.url);
  const marks: Mark[] = [];
  for (const mark of MARKS) {
    await caller.askUpTo(mark);
    marks.push({ calls: caller.calls, rssMiB: await restingMiB(server) });
  }
  await caller.close();
  const fault = await server.stop();
  return [...caller.faults, ...(fault === undefined ? [] : [fault]), ...report(marks, caller.seconds)];
}

/** Calls version 2, each time with a new schema. */
class SchemaCaller {
  readonly faults: string[] = [];
  calls = 0;
  #asked = 0;
  readonly #startedMs = performance.now();
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool(url, { connections: CONCURRENCY });
  }

  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1000;
  }

  async askUpTo(calls: number): Promise<void> {
    const caller = async (): Promise<void> => {
      while (this.#asked < calls && this.faults.length < MAX_FAULTS && this.seconds * 1000 < MAX_MS) {
        await this.#ask(this.#asked++);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #ask(index: number): Promise<void> {
    const body = JSON.stringify({ input: 'Which?', output_schema: schemaOf(index) });
    const answer = await this.#pool.request({ path: PATH, method: 'POST', headers: HEADERS, body });
    const text = await answer.body.text();
    this.calls++;
    if (answer.statusCode !== 200 || !text.includes('output_parsed')) this.faults.push(`schemas: ${text}`);
  }
}

/** The offline model answers with the minimum, and with a text that begins with a bracket. */
function schemaOf(index: number): object {
  return {
    type: 'object',
    properties: {
      [`number${index}`]: { type: 'integer', minimum: index },
      text: { type: 'string', pattern: `^\\[|^x${index}` },
      list: { type: 'array', items: { $ref: '#/$defs/Item' } },
    },
    required: ['text'],
    additionalProperties: false,
    $defs: { Item: { type: 'object', properties: { [`name${index}`]: { type: 'string' } } } },
  };
}

/** Returns the least of several readings, some time after the last call. */
async function restingMiB(server: Server): Promise<number> {
  const readings: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await sleep(SETTLE_MS);
    readings.push(server.residentMiB());
  }
  return Math.min(...readings);
}

/** Prints the figures and returns the missed aims. */
function report(marks: readonly Mark[], seconds: number): string[] {
  const [first = NaN, last = NaN] = marks.map(({ rssMiB }) => rssMiB);
  const calls = marks.at(-1)?.calls ?? 0;
  const wanted = MARKS.at(-1) ?? NaN;
  const growth = (last / first - 1) * 100;
  const isComplete = calls === wanted;
  const isMet = isComplete && growth < AIM_PERCENT;
  print(
    `\nmemory: output_schema, ${number(calls)} different schemas in ${number(seconds)} s, the process of the service`,
  );
  print(table([['schemas', 'RSS MiB'], ...marks.map((mark) => [number(mark.calls), number(mark.rssMiB)])]));
  print(`  RSS grown by ${number(growth, 1)} %, aim < ${AIM_PERCENT} %: ${isMet ? 'met' : 'MISSED'}`);
  if (!isComplete) return [`schemas: only ${number(calls)} of ${number(wanted)} calls`];
  return isMet ? [] : ['schemas: the memory grows with the number of schemas'];
}
