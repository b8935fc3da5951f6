/**
 * The result of work that nothing depends on any more; undefined if it fails or is late.
 *
 * @param endsAt on the clock of `performance.now()`.
 */
export async function resultBefore<T>(work: Promise<T>, endsAt: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), endsAt - performance.now());
  try {
    return await Promise.race([work.catch(() => undefined), promise]);
  } finally {
    clearTimeout(timer);
  }
}
