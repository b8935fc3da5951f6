import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const FLUSH_BYTES = 4096;
const FLUSH_MS = 100;
/** How often the exit tries to write to an output that is busy, and the pause between. */
const MAX_TRIES = 100;
const PAUSE_MS = 10;
/** How long the exit waits for a write under way, whose end it cannot see. Its bytes should come first. */
const LAST_WRITE_MS = 100;

/**
 * Writes lines to a file descriptor in the background at least every 100 ms, and the rest at the exit. Drops what the
 * output refuses: with a full disk, or without a reader, the service goes on, and can end.
 */
export class LogDestination implements DestinationStream {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param descriptor standard output by default. */
  constructor(private readonly descriptor = 1) {
    process.on('exit', () => this.flushSync());
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= FLUSH_BYTES) this.#flush();
    else this.#flushLater();
  }

  /**
   * Writes all at once, as far as the output takes it: waits a second at most for one that does not block, and for its
   * reader if it blocks.
   */
  flushSync(): void {
    if (this.#bytes > 0 && this.#isWriting) pause(LAST_WRITE_MS);
    let rest = this.#take();
    for (let tries = 0; rest.length > 0 && tries < MAX_TRIES;) {
      try {
        rest = rest.subarray(writeSync(this.descriptor, rest));
      } catch (failure) {
        if (!isBusy(failure)) return;
        tries += 1;
        pause(PAUSE_MS);
      }
    }
  }

  #flushLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, FLUSH_MS).unref();
  }

  /** During a write, its end does this. */
  #flush(): void {
    if (this.#isWriting || this.#bytes === 0) return;
    this.#send(this.#take());
  }

  #send(bytes: Buffer): void {
    this.#isWriting = true;
    write(this.descriptor, bytes, (failure, written) => {
      this.#isWriting = false;
      const rest = failure === null ? bytes.subarray(written) : isBusy(failure) ? bytes : undefined;
      if (rest !== undefined && rest.length > 0) {
        this.#waiting.unshift(rest);
        this.#bytes += rest.length;
      }
      if (isBusy(failure)) this.#flushLater();
      else if (this.#bytes >= FLUSH_BYTES || this.#timer === undefined) this.#flush();
    });
  }

  #take(): Buffer {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    return bytes;
  }
}

/** Stops the process for that time. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isBusy(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && (failure.code === 'EAGAIN' || failure.code === 'EBUSY');
}
