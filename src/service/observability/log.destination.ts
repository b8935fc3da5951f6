import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const FLUSH_BYTES = 4096;
const FLUSH_MS = 100;
/** The pause before the next try if the reader is slow. */
const PAUSE_MS = 10;
/** How long the exit waits for a slow reader. */
const EXIT_LIMIT_MS = 2000;
const NOTHING = Buffer.alloc(0);

/**
 * Writes lines to a file descriptor at least every 100 ms, and the rest at the exit. A slow reader of a pipe gets them
 * later, and holds the exit up for two seconds at most. Drops what the output refuses: with a full disk, or without a reader, the service goes on, and can end.
 */
export class LogDestination implements DestinationStream {
  #waiting: Buffer[] = [];
  #bytes = 0;
  /** The reader has not taken all: a timer tries again. */
  #isBusy = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param descriptor default: standard output. Its pipes and sockets no longer block once Node has made them a stream. */
  constructor(private readonly descriptor: number = process.stdout.fd) {
    process.on('exit', () => this.#flushAtExit());
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= FLUSH_BYTES) this.flush();
    else this.#flushAfter(FLUSH_MS);
  }

  /** Writes all at once, unless its reader is slow. */
  flush(): void {
    if (!this.#isBusy) this.#flush();
  }

  #flushAtExit(): void {
    const deadline = performance.now() + EXIT_LIMIT_MS;
    this.#flush();
    while (this.#isBusy && performance.now() < deadline) {
      pause(PAUSE_MS);
      this.#flush();
    }
  }

  #flushAfter(ms: number): void {
    this.#timer ??= setTimeout(() => this.#flush(), ms).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rest = this.#send(Buffer.concat(this.#waiting));
    this.#isBusy = rest.length > 0;
    this.#waiting = this.#isBusy ? [rest] : [];
    this.#bytes = rest.length;
    if (this.#isBusy) this.#flushAfter(PAUSE_MS);
  }

  /** @returns the bytes that a slow reader has left. */
  #send(bytes: Buffer): Buffer {
    let rest = bytes;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.descriptor, rest));
      return rest;
    } catch (failure) {
      return isBusy(failure) ? rest : NOTHING;
    }
  }
}

/** Stops the process for that time. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isBusy(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && (failure.code === 'EAGAIN' || failure.code === 'EBUSY');
}
