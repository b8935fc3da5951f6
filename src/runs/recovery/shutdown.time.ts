import { Injectable } from '@nestjs/common';
import { RunnerSettings } from '../runner.settings.js';

/** The total time of a shutdown, which all waiting parts share. */
@Injectable()
export class ShutdownTime {
  #endsAtMs: number | undefined;

  constructor(private readonly settings: RunnerSettings) {}

  /** Starts the clock; only the first call does. */
  begin(): void {
    this.#endsAtMs ??= performance.now() + this.settings.shutdownTimeoutMs;
  }

  leftMs(): number {
    if (this.#endsAtMs === undefined) return this.settings.shutdownTimeoutMs;
    return Math.max(0, this.#endsAtMs - performance.now());
  }
}
