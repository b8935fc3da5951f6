import { userInfo } from 'node:os';
import { AgentError } from '../index.js';

/** The actor id of the command-line user for the audit. */
export function commandLineActor(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // In a container, the user may have no name.
    return 'cli';
  }
}

/** Describes a failure for the operator. Unlike callers, operators see the cause of a database outage. */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOutage = error instanceof AgentError && error.code === 'storage_unavailable';
  return isOutage && error.cause instanceof Error ? failureReason(error.cause) : error.message;
}
