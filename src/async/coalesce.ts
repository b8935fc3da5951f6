/**
 * Wraps work that reads the newest state. Any number of calls while it runs lead to one more run.
 *
 * @param work must not reject.
 * @example
 * const refresh = coalesce(() => this.readList());
 * source.on('changed', refresh);
 */
export function coalesce(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isStale = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    do {
      isStale = false;
      await work();
    } while (isStale);
    isRunning = false;
  };
  return () => {
    isStale = true;
    if (!isRunning) void run();
  };
}
