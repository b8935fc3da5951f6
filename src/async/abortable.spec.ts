import { iterateUntilAborted } from './abortable.js';

const FAULT = new Error('faulty');

/** An iterator of a host, with one event. */
function sourceOf(faults: Partial<AsyncIterator<number>>): AsyncIterable<number> {
  const source: AsyncIterator<number> = { next: () => Promise.resolve({ done: false, value: 1 }), ...faults };
  return { [Symbol.asyncIterator]: () => source };
}

const fail = (): never => {
  throw FAULT;
};

async function firstOf(events: AsyncIterable<number>): Promise<number | undefined> {
  for await (const event of events) return event;
  return undefined;
}

describe('events until an abort', () => {
  it('are those of the source, which ends with its reader', async () => {
    let isEnded = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        isEnded = true;
      }
    }
    const { signal } = new AbortController();
    expect(await Array.fromAsync(iterateUntilAborted(source(), signal))).toEqual([1, 2]);
    isEnded = false;
    expect(await firstOf(iterateUntilAborted(source(), signal))).toBe(1);
    expect(isEnded).toBe(true);
  });

  it('end at once with the reason, also if the source ignores the signal', async () => {
    const aborter = new AbortController();
    const reading = firstOf(
      iterateUntilAborted(sourceOf({ next: () => new Promise(() => undefined) }), aborter.signal),
    );
    aborter.abort(FAULT);
    await expect(reading).rejects.toBe(FAULT);
    await expect(async () => await firstOf(iterateUntilAborted(sourceOf({}), aborter.signal))).rejects.toBe(FAULT);
  });

  it.each([
    ['throws at once', { next: fail }],
    ['rejects', { next: () => Promise.reject(FAULT) }],
  ])('end with the failure of a source that %s, and close the source', async (_, faults) => {
    let isEnded = false;
    const ending = (): Promise<IteratorResult<number>> => {
      isEnded = true;
      return Promise.resolve({ done: true, value: undefined });
    };
    const events = iterateUntilAborted(sourceOf({ ...faults, return: ending }), new AbortController().signal);
    await expect(firstOf(events)).rejects.toBe(FAULT);
    expect(isEnded).toBe(true);
  });

  it('do not fail if the source fails to end', async () => {
    const aborter = new AbortController();
    expect(await firstOf(iterateUntilAborted(sourceOf({ return: fail }), aborter.signal))).toBe(1);
    const waiting = sourceOf({ next: () => new Promise(() => undefined), return: fail });
    const reading = firstOf(iterateUntilAborted(waiting, aborter.signal));
    aborter.abort(FAULT);
    await expect(reading).rejects.toBe(FAULT);
  });
});
