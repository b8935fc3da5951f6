import { Service } from './started.service.js';

/** A service beside others in one process. It ends only when it is removed. */
export class HostedService extends Service {
  #end: (() => Promise<void>) | undefined;

  /** Resolves once the service listens. @throws Error with its output if the start fails. */
  async start(): Promise<void> {
    const { started, end } = this.beginHosted();
    this.#end = end;
    await started;
  }

  protected override async end(): Promise<void> {
    await this.#end?.();
  }
}
