import type { OnApplicationShutdown } from '@nestjs/common';

/** Time limit for the last export, in case the collector does not respond. */
const FLUSH_TIMEOUT_MS = 5000;

/** Flushes the remaining spans at the end of the shutdown. */
export class TracingShutdown implements OnApplicationShutdown {
  constructor(private readonly endTracing: () => Promise<void>) {}

  async onApplicationShutdown(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    await Promise.race([this.endTracing().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
