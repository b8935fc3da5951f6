/**
 * Yields the same events and stops at once when the signal aborts. The source may be host code that ignores the
 * signal.
 *
 * @throws the signal's reason when it aborts.
 */
export async function* iterateUntilAborted<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  signal.throwIfAborted();
  const iterator = events[Symbol.asyncIterator]();
  let giveUp: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => giveUp?.(signal.reason);
  signal.addEventListener('abort', onAbort);
  const next = (): Promise<IteratorResult<T>> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      iterator.next().then(resolve, reject);
    });
  try {
    for (let step = await next(); step.done !== true; step = await next()) {
      yield step.value;
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: it may never settle.
    void iterator.return?.().catch(() => undefined);
  }
}

/**
 * Resolves with the same result unless the signal aborts first. The work may be host code that never ends.
 *
 * @throws the signal's reason when it aborts.
 */
export async function raceAbort<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
