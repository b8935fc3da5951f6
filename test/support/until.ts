import { setTimeout as sleep } from 'node:timers/promises';

type No = undefined | null | false;

const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 50;

/**
 * Polls until the answer is not undefined, null or false. Fails after `limitMs` and names the awaited event. Polls
 * every 10 ms at first and then less often, because polling must not slow down the awaited work.
 */
export async function until<T>(what: string, ask: () => T | Promise<T>, limitMs = 60_000): Promise<Exclude<T, No>> {
  const startMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (isYes(answer)) return answer;
    const waitedMs = performance.now() - startMs;
    if (waitedMs > limitMs) throw new Error(`Waited ${limitMs} ms in vain until ${what}`);
    await sleep(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, waitedMs / 20)));
  }
}

function isYes<T>(answer: T): answer is Exclude<T, No> {
  return answer !== undefined && answer !== null && answer !== false;
}

/** A gate that a test opens: code that awaits `opened` waits for it. */
export class Gate {
  private readonly resolvers = Promise.withResolvers<void>();
  readonly opened = this.resolvers.promise;

  open(): void {
    this.resolvers.resolve();
  }
}
