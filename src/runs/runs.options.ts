/** Policy for a run whose session is busy: reject it, let it wait, or cancel the other run. */
export type SessionPolicy = 'reject' | 'queue' | 'interrupt';

/** The images that requests may have: none, only those in `data:` URLs, or also those at public https addresses. */
export type ImagePolicy = 'off' | 'data' | 'https';

/** The options of the runs module. */
export abstract class RunsModuleOptions {
  /** Time limit of a run. */
  abstract readonly timeoutMs: number;
  abstract readonly maxConcurrentRuns: number;
  /** Queued tasks of one caller in all processes; 0 or Infinity: no limit. */
  abstract readonly maxQueuedTasks: number;
  /** How long runs may continue after the shutdown has begun. */
  abstract readonly shutdownTimeoutMs: number;
  /** How long a streamed run continues without readers. */
  abstract readonly streamGraceMs: number;
  abstract readonly sessionPolicy: SessionPolicy;
  abstract readonly imageUrls: ImagePolicy;
  /** The only hosts of images at https addresses, in lower case; empty: all public hosts. */
  abstract readonly imageHosts: readonly string[];
  /** Estimated tokens of the whole history; 0: no history. */
  abstract readonly historyTokens: number;
  /** Whether turns that do not fit are summarized. */
  abstract readonly summarizeHistory: boolean;
  /** Maximum tokens of one answer; undefined: the model's own limit. */
  abstract readonly maxOutputTokens: number | undefined;
  /** Hours that a task waits for a decision; 0: no limit. */
  abstract readonly approvalTimeoutHours: number;
  /** Minutes after which a session goes on without the results of calls that its caller makes. */
  abstract readonly openCallsTimeoutMinutes: number;
  /** Whether decisions over the API need the scope `approvals`; false: that of the route suffices. */
  abstract readonly requireApprovalsScope: boolean;
  /** Days to keep a run and its events after its end. */
  abstract readonly runTtlDays: number;
  /** Days to keep a session after its last turn; undefined: for ever. */
  abstract readonly sessionTtlDays: number | undefined;
}
