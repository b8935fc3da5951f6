/** Time limits of runs. */
export abstract class RunnerSettings {
  abstract readonly timeoutMs: number;
  /** How long runs may continue after the shutdown has begun. */
  abstract readonly shutdownTimeoutMs: number;
}
