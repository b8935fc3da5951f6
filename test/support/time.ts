/** How long the work takes, for bounds that only work of another order of growth misses. */
export function msOf(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}
