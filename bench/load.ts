import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';

/** One round of calls with a fixed number of open calls; each ended call is followed by the next. */
export interface Round {
  origin: string;
  path: string;
  calls: number;
  concurrency: number;
  /** The time in which the first calls begin, one after the other. Default: all at once. */
  rampMs?: number | undefined;
  /** The message of each call; default: a question that is answered at once. */
  message?: string;
  /** Builds the body of each call from its message. Default: that of version 1. */
  bodyOf?: (message: string) => object;
  /** The upstream stamps each first delta with its sending time. */
  isPaced: boolean;
  /** Returns the fault in an answer, or undefined if it is complete. */
  check(answer: string): string | undefined;
  /** In addition to the type of the body. */
  headers?: Record<string, string> | undefined;
}

export interface Measured {
  calls: number;
  seconds: number;
  latenciesMs: number[];
  /** Milliseconds to the first delta from the request, and from its sending time; paced upstream only. */
  firstDeltaMs: number[];
  firstDeltaLagMs: number[];
  /** The longest time of each call in which nothing arrived after its first delta; paced upstream only. */
  longestPauseMs: number[];
  faults: string[];
}

const CALL_TIMEOUT_MS = 120_000;
const MAX_FAULTS = 20;
const HEADERS = { 'content-type': 'application/json' };
const QUESTION = 'What does a rook say to another rook when the evening comes?';
const SENT_AT = /@(\d{13})@/;

function bodyOfV1(message: string): object {
  return { message, temperature: 0.7 };
}

/** Keeps `concurrency` calls open until all are done. Stops a round that has too many faults. */
export async function load(round: Round): Promise<Measured> {
  const pool = new Pool(round.origin, {
    connections: round.concurrency,
    headersTimeout: CALL_TIMEOUT_MS,
    bodyTimeout: CALL_TIMEOUT_MS,
  });
  const measured: Measured = {
    calls: 0,
    seconds: 0,
    latenciesMs: [],
    firstDeltaMs: [],
    firstDeltaLagMs: [],
    longestPauseMs: [],
    faults: [],
  };
  const startedMs = performance.now();
  let left = round.calls;
  const caller = async (_: unknown, index: number) => {
    if (round.rampMs !== undefined) await sleep((index * round.rampMs) / round.concurrency);
    while (left-- > 0 && measured.faults.length < MAX_FAULTS) await new Call(round, measured).send(pool);
  };
  await Promise.all(Array.from({ length: round.concurrency }, caller));
  measured.seconds = (performance.now() - startedMs) / 1000;
  await pool.close();
  return measured;
}

/** A POST and its answer, read with undici's bare handler: a body stream per call would cost as much as the hop. */
class Call implements Dispatcher.DispatchHandler {
  private readonly round: Round;
  private readonly measured: Measured;
  private readonly body: string;
  private readonly startedMs = performance.now();
  private done: () => void = () => undefined;
  private status = 0;
  private answer = '';
  /** When something last arrived since the first delta; undefined: before the first delta. */
  private lastMs: number | undefined;
  private longestPauseMs = 0;

  constructor(round: Round, measured: Measured) {
    this.round = round;
    this.measured = measured;
    const { message = QUESTION, bodyOf = bodyOfV1 } = round;
    this.body = JSON.stringify(bodyOf(message));
  }

  send(pool: Pool): Promise<void> {
    return new Promise((resolve) => {
      this.done = resolve;
      const headers = { ...HEADERS, ...this.round.headers };
      pool.dispatch({ path: this.round.path, method: 'POST', headers, body: this.body }, this);
    });
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    // Latin-1 is the cheapest decoding, and the bench sends only ASCII.
    this.answer += chunk.toString('latin1');
    if (!this.round.isPaced) return;
    if (this.lastMs === undefined) this.lookForFirstDelta();
    else this.notePause(this.lastMs);
  }

  onResponseEnd(): void {
    this.measured.latenciesMs.push(performance.now() - this.startedMs);
    if (this.lastMs !== undefined) this.measured.longestPauseMs.push(this.longestPauseMs);
    const fault =
      this.status === 200 ? this.round.check(this.answer) : `HTTP ${this.status} ${this.answer.slice(0, 300)}`;
    this.finish(fault);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.finish(`${error.name}: ${error.message}`);
  }

  private lookForFirstDelta(): void {
    const sentAt = SENT_AT.exec(this.answer)?.[1];
    if (sentAt === undefined) return;
    this.lastMs = performance.now();
    this.measured.firstDeltaMs.push(this.lastMs - this.startedMs);
    this.measured.firstDeltaLagMs.push(Date.now() - Number(sentAt));
  }

  private notePause(lastMs: number): void {
    this.lastMs = performance.now();
    this.longestPauseMs = Math.max(this.longestPauseMs, this.lastMs - lastMs);
  }

  private finish(fault: string | undefined): void {
    this.measured.calls++;
    if (fault !== undefined) this.measured.faults.push(fault);
    this.done();
  }
}
