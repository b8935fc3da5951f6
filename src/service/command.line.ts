import { userInfo } from 'node:os';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { AgentError } from '../index.js';

/** Invalid command-line arguments. */
export class UsageError extends Error {}

/** Runs a command, and describes its failure. @returns the exit code. */
export async function runCommand(command: () => Promise<number>, usage: string): Promise<number> {
  try {
    return await command();
  } catch (error) {
    writeLine(process.stderr, failureReason(error));
    if (error instanceof UsageError) writeLine(process.stderr, `\n${usage}`);
    return 1;
  }
}

/** @throws UsageError if an option is unknown or lacks its value. */
export function parseCommandLine<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError if the text is not a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`"${text}" is not a whole number.`);
  return Number(text);
}

export function writeLine(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}

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
