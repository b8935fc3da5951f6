import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ErasedLog } from '../engine.js';

/**
 * The passive checkpoint copies the log into the file and locks nobody out. The truncating one locks writers out, but
 * then has little left to do. Without a busy timeout it gives up at once if another connection reads or writes. The
 * source is a string, because applications that bundle their code would not find a file.
 */
const SOURCE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const connection = new DatabaseSync(new URL(workerData), { timeout: 0 });
  const passive = connection.prepare('pragma wal_checkpoint(passive)');
  const truncating = connection.prepare('pragma wal_checkpoint(truncate)');
  const isTruncated = () => {
    const { busy, log, checkpointed } = passive.get();
    return busy === 0 && log === checkpointed && truncating.get().busy === 0;
  };
  parentPort.on('message', () => parentPort.postMessage(isTruncated()));
`;

/** Truncates the log of an SQLite file in a thread, because SQLite waits for locks and disks synchronously. */
export class CheckpointThread implements ErasedLog {
  /** Started by the first call. An idle thread does not keep the process alive. */
  #worker: Worker | undefined;
  readonly #url: string;

  constructor(file: string) {
    const url = pathToFileURL(resolve(file));
    // A removed file must not be created again.
    url.searchParams.set('mode', 'rw');
    this.#url = url.href;
  }

  /** Calls must not overlap. */
  async truncate(): Promise<boolean> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve: settle, reject } = Promise.withResolvers<boolean>();
    const onExit = (code: number): void => reject(new Error(`The checkpoint thread ended with code ${code}.`));
    worker.ref();
    worker.once('message', settle).once('error', reject).once('exit', onExit);
    worker.postMessage('truncate');
    try {
      return await promise;
    } finally {
      worker.off('message', settle).off('error', reject).off('exit', onExit).unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(SOURCE, {
      eval: true,
      name: 'sqlite-checkpoint',
      workerData: this.#url,
      // The thread needs no settings, and so gets no secrets.
      env: {},
      execArgv: [],
    });
    // A thread that failed is replaced by the next call.
    const onEnd = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    return worker.once('error', onEnd).once('exit', onEnd);
  }
}
