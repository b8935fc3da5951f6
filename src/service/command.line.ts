import { userInfo } from 'node:os';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { endWithReader } from '../cli/output.js';
import type { Environment } from './settings/environment.js';
import { didYouMean } from './settings/misspelt.settings.js';
import { version } from './version.js';

/** Invalid command-line arguments. */
export class UsageError extends Error {}

/** The exit code of a command; undefined: it goes on. */
type Answer = number | undefined;

/** Answers `--help` and `--version`, as every command does. @returns the exit code; undefined: the command is another. */
export function answerQuestion(args: readonly string[], usage: string): Answer {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  if (options.some((option) => option === '--help' || option === '-h')) writeLine(process.stdout, usage);
  else if (options.includes('--version')) writeLine(process.stdout, version());
  else return undefined;
  return 0;
}

/** Runs a command, or answers `--help` and `--version`. Describes its failure. @returns the exit code. */
export async function runCommand(
  args: readonly string[],
  command: () => Promise<number>,
  usage: string,
): Promise<number> {
  endWithReader();
  const answered = answerQuestion(args, usage);
  if (answered !== undefined) return answered;
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

/** Warns of variables that resemble a setting: the command might use another database than the service. */
export function warnOfMisspelt({ misspelt }: Environment): void {
  for (const each of misspelt) writeLine(process.stderr, `Warning: ${didYouMean(each)}`);
}

/** A text with commands as people call them here. The image has no npm, and sets a variable to the name of its command. */
export function asCalled(text: string): string {
  const own = process.env['ROOKERY_COMMAND'];
  if (own === undefined) return text;
  return text
    .replaceAll('npm run rookery --', own)
    .replaceAll(/npm run (?:-s )?(keys|audit) --/g, `${own} $1`)
    .replaceAll('npm start', `${own} start`);
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
  // By its code: a command that answers without the package must not load its errors.
  const isOutage = 'code' in error && error.code === 'storage_unavailable';
  return isOutage && error.cause instanceof Error ? failureReason(error.cause) : error.message;
}
