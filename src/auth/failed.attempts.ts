/** Counts the credentials that were not good, by the network address that sent them. */
export abstract class FailedAttempts {
  /** Counts one more. @throws AgentError `rate_limited` where the address has had too many. */
  abstract add(address: string): Promise<void>;
}
