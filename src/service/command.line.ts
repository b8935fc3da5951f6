import { userInfo } from 'node:os';
import { AgentError } from '../index.js';

/** Who is at the command line, as the audit has it. */
export function commandLineActor(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container may have no name for the user that it runs as.
    return 'cli';
  }
}

/** Why something failed, for whoever runs the service: unlike its callers they read why the database is not available. */
export function whyFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOutage = error instanceof AgentError && error.code === 'storage_unavailable';
  return isOutage && error.cause instanceof Error ? whyFailed(error.cause) : error.message;
}
