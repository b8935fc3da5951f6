import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AgentRunnerService } from '../../index.js';

/** Logs the shutdown: what it waits for, and its end. */
export class ShutdownLog implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(ShutdownLog.name);

  constructor(
    private readonly runner: AgentRunnerService,
    private readonly timeoutSeconds: number,
  ) {}

  onModuleInit(): void {
    this.runner.onDraining(() => {
      const { chat: chats, stream: streams, task: tasks } = this.runner.activeRuns();
      const counts = { chats, streams, tasks };
      if (chats + streams + tasks === 0) this.#logger.log({ ...counts, msg: 'shutting down: no run is active' });
      else
        this.#logger.log({ ...counts, timeout_seconds: this.timeoutSeconds, msg: 'shutting down: waiting for runs' });
    });
  }

  onApplicationShutdown(signal?: string): void {
    this.#logger.log({ signal, msg: 'stopped' });
  }
}
