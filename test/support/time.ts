/** Returns the time of the work, for bounds that only work of another order of growth exceeds. */
export function msOf(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}
