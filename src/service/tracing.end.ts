import type { OnApplicationShutdown } from '@nestjs/common';

/** A collector that does not answer is not waited for any longer. */
const LONGEST_MS = 5000;

/** Sends the last spans, when all that has any has ended. */
export class TracingEnd implements OnApplicationShutdown {
  constructor(private readonly endTracing: () => Promise<void>) {}

  async onApplicationShutdown(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LONGEST_MS);
    await Promise.race([this.endTracing().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
