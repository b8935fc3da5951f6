import { setTimeout as sleep } from 'node:timers/promises';

type No = undefined | null | false;

/** Asks every 10 ms until the answer is not undefined, null or false; fails after `limitMs` with what was waited for. */
export async function until<T>(what: string, ask: () => T | Promise<T>, limitMs = 15_000): Promise<Exclude<T, No>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isYes(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain until ${what}`);
    await sleep(10);
  }
}

function isYes<T>(answer: T): answer is Exclude<T, No> {
  return answer !== undefined && answer !== null && answer !== false;
}

/** A door that a test opens by hand: whoever awaits `opened` waits for it. */
export class Gate {
  private readonly resolvers = Promise.withResolvers<void>();
  readonly opened = this.resolvers.promise;

  open(): void {
    this.resolvers.resolve();
  }
}
