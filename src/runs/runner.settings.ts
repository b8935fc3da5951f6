/** What bounds a run. */
export abstract class RunnerSettings {
  abstract readonly timeoutMs: number;
  /** How long runs may go on after the application was told to stop. */
  abstract readonly shutdownTimeoutMs: number;
}
