/** Counts failed authentications by network address. */
export abstract class FailedAttempts {
  /** Counts one failure. @throws AgentError `rate_limited` if the address has too many. */
  abstract add(address: string): Promise<void>;
}
