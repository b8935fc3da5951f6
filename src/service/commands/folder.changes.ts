import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;
/** Made from the other files, or not used. */
const IGNORED = /(^|[/\\])(dist|node_modules|\.[^/\\]*)([/\\]|$)/;

/** Yields once after each group of changes from now on, and ends with the signal. */
export function changesOf(folder: string, signal: AbortSignal): AsyncIterable<void> {
  let change = Promise.withResolvers<boolean>();
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name === null || !IGNORED.test(name)) change.resolve(true);
  });
  watcher.once('error', (cause) => change.reject(cause));
  signal.addEventListener('abort', () => change.resolve(false), { once: true });
  return groups();

  async function* groups(): AsyncIterable<void> {
    try {
      while (!signal.aborted && (await change.promise)) {
        await sleep(SETTLE_MS);
        change = Promise.withResolvers<boolean>();
        if (signal.aborted) return;
        yield;
      }
    } finally {
      watcher.close();
    }
  }
}
