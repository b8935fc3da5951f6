import type { OnApplicationShutdown } from '@nestjs/common';

/** Time limit for the last export, in case the collector does not respond. */
const LONGEST_MS = 5000;

/** Flushes the remaining spans at the end of the shutdown. */
export class TracingEnd implements OnApplicationShutdown {
  constructor(private readonly endTracing: () => Promise<void>) {}

  async onApplicationShutdown(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LONGEST_MS);
    await Promise.race([this.endTracing().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
