const MICROS = 1000;

/**
 * Returns the milliseconds of CPU time of the work, for bounds that only work of another order of growth exceeds.
 * Other processes on the machine do not count.
 */
export function msOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  return msSince(before);
}

/** The same for work that waits; everything that the thread does meanwhile counts. */
export async function msOfAsync(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  return msSince(before);
}

function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / MICROS;
}
