import { ServiceHost } from './service.host.js';
import { Service } from './started.service.js';

/** It ends when its test is over, which must not wait for runs that a test has left. */
const ENDS_AT_ONCE = { SHUTDOWN_TIMEOUT_SECONDS: '0' };

/** A service beside others in one process. It ends only when it is removed. */
export class HostedService extends Service {
  #end: (() => Promise<void>) | undefined;

  /** Resolves once the service listens. @throws Error with its output if the start fails. */
  async start(): Promise<void> {
    let hasEnded = false;
    const host = ServiceHost.forNext();
    const id = host.start(
      { ...ENDS_AT_ONCE, ...this.variables() },
      {
        onLine: (line) => this.addLine(line),
        onOutput: (text) => (this.output += text),
        onEnd: () => (hasEnded = true),
      },
    );
    this.#end = () => host.stop(id);
    await this.listening(0, () => hasEnded);
  }

  protected override async end(): Promise<void> {
    await this.#end?.();
  }
}
