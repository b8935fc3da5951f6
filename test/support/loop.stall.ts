const TICK_MS = 5;
const MICROS = 1000;

/**
 * Returns the longest stall of the event loop during the work, in milliseconds of this thread's CPU time. So a process
 * that takes the cores away does not count.
 */
export async function stallDuring(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let before = process.threadCpuUsage();
  const measure = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / MICROS);
    before = process.threadCpuUsage();
  };
  const ticking = setInterval(measure, TICK_MS);
  try {
    await work();
    measure();
  } finally {
    clearInterval(ticking);
  }
  return longestMs;
}
