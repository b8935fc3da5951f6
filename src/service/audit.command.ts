import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathFault } from '../errors/path.fault.js';
import type { ChainAnchor, ChainReport, OpenAudit } from '../index.js';
import {
  asCalled,
  commandLineActor,
  parseCommandLine,
  runCommand,
  UsageError,
  warnOfMisspelt,
  wholeNumber,
  writeLine,
} from './command.line.js';
import { requireDatabase } from './commands/database.file.js';

const USAGE = asCalled(`Usage:
  npm run -s audit -- verify [FILE] [--anchor SEQUENCE:HASH]
  npm run -s audit -- export [--after SEQUENCE]
  npm run audit -- --help | --version
verify checks the chain of the database, or of an exported file, and prints the first entry that was changed.
An anchor is the last line that an earlier verify printed. The chain must still contain it.`);

/** Characters of a line in a message. */
const MAX_SHOWN = 60;

/**
 * Verifies or exports the audit of the configured database. The service may be running.
 *
 * @param args the command-line arguments.
 * @returns the exit code; 1 also if the chain is broken.
 */
export async function runAuditCommand(args: readonly string[]): Promise<number> {
  return await runCommand(args, () => run(args), USAGE);
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { anchor: { type: 'string' }, after: { type: 'string' } });
  const [name, file, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Unexpected argument "${rest[0]}".`);
  if (name === 'verify') return printReport(await verify(file, values.anchor));
  if (name === 'export' && file === undefined) return await opened((open) => exportTo(open, values.after));
  throw new UsageError('The command is missing or unknown.');
}

async function verify(file: string | undefined, anchorText: string | undefined): Promise<ChainReport> {
  const anchor = anchorText === undefined ? undefined : anchorOf(anchorText);
  if (file !== undefined) return await verifyFile(file, anchor);
  return await opened(({ audit }) => audit.verify({ anchor }));
}

async function verifyFile(file: string, anchor: ChainAnchor | undefined): Promise<ChainReport> {
  const { verifyChain } = await import('../index.js');
  try {
    return await verifyChain(linesOf(file), { isComplete: false, anchor });
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new Error(`No audit: ${pathFault('file', file, cause)}. Name an exported file.`, { cause });
  }
}

function anchorOf(text: string): ChainAnchor {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new UsageError(`"${text}" is not an anchor. Use SEQUENCE:HASH.`);
  return { sequence: Number(sequence), hash };
}

async function opened<T>(work: (open: OpenAudit) => Promise<T>): Promise<T> {
  // Usage and its errors need neither.
  const { readEnvironment } = await import('./settings/environment.reader.js');
  const { openAudit } = await import('../index.js');
  const environment = readEnvironment(process.env, { areFilesRead: false });
  warnOfMisspelt(environment);
  await requireDatabase(environment.DATABASE_URL);
  const open = await openAudit(environment.DATABASE_URL);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

/** @throws Error if the first line is not an entry: then the file is not an export, or has other lines in it. */
async function* linesOf(file: string): AsyncGenerator {
  let isFirst = true;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line === '') continue;
    const entry = parsed(line);
    if (isFirst && typeof entry !== 'object') throw new Error(noExport(file, line));
    isFirst = false;
    yield entry;
  }
}

function noExport(file: string, line: string): string {
  const hint = asCalled('If npm wrote its own lines into it, export again with `npm run -s audit -- export`.');
  return `${file} does not begin with an entry of the audit, but with "${line.slice(0, MAX_SHOWN)}". ${hint}`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function exportTo({ audit }: OpenAudit, afterText = '0'): Promise<number> {
  const after = wholeNumber(afterText);
  const actor = { id: commandLineActor() };
  await audit.append({ action: 'audit.exported', tenant: 'default', actor, target: 'audit', details: { after } });
  for await (const entry of audit.entries(after)) {
    if (!process.stdout.write(`${JSON.stringify(entry)}\n`)) await once(process.stdout, 'drain');
  }
  return 0;
}

function printReport({ entries, first, head, broken }: ChainReport): number {
  if (broken) {
    writeLine(process.stderr, `The chain is broken at entry ${broken.sequence}: ${broken.reason}.`);
    writeLine(process.stderr, `The ${entries} entries before it are valid.`);
    return 1;
  }
  const range = head && `${first} to ${head.sequence}.\n${head.sequence}:${head.hash}`;
  writeLine(
    process.stdout,
    range ? `${entries} ${entries === 1 ? 'entry is' : 'entries are'} valid, ${range}` : 'The audit is empty.',
  );
  return 0;
}
