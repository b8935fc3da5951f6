import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { failureReason, writeLine } from '../command.line.js';
import { buildFolder, hasTypeScript } from './build.command.js';
import { changesOf } from './folder.changes.js';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const SETTINGS_FILE = '.env.local';
/** A file must not open the service to everyone. */
const NEVER_READ = 'ALLOW_UNAUTHENTICATED';

/**
 * Compiles and serves the agents of a folder, and again after each change. Resolves when it is asked to end.
 *
 * @throws Error if the folder cannot be read.
 */
export async function develop(folder: string): Promise<void> {
  await hasTypeScript(folder);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const settings = await settingsOfFile();
  // Before the first build, which a change may follow.
  const changes = changesOf(folder, stopped.signal);
  let service = await serve(folder, settings, stopped.signal);
  for await (const _ of changes) {
    await end(service);
    service = await serve(folder, settings, stopped.signal);
  }
  await end(service);
}

/** Starts the service; undefined: the agents cannot be compiled. The service itself says what else is wrong. */
async function serve(
  folder: string,
  settings: NodeJS.ProcessEnv,
  stopped: AbortSignal,
): Promise<ChildProcess | undefined> {
  try {
    const isCompiled = await hasTypeScript(folder);
    if (isCompiled) await buildFolder(folder);
    const AGENTS_DIR = isCompiled ? join(folder, 'dist') : folder;
    const env = { LOG_FORMAT: 'pretty', ...settings, ...process.env, AGENTS_DIR };
    const service = spawn(process.execPath, ['--enable-source-maps', MAIN], { env, stdio: 'inherit' });
    service.once('exit', () => {
      if (!service.killed && !stopped.aborted) writeLine(process.stderr, `The service has ended. ${waitFor(folder)}`);
    });
    return service;
  } catch (failure) {
    writeLine(process.stderr, `${failureReason(failure)}\n${waitFor(folder)}`);
    return undefined;
  }
}

function waitFor(folder: string): string {
  return `Waiting for a change of ${folder}.`;
}

async function end(service: ChildProcess | undefined): Promise<void> {
  if (service === undefined || service.exitCode !== null || service.signalCode !== null) return;
  service.kill('SIGTERM');
  await once(service, 'exit');
}

/** The settings of `.env.local`. Those of the environment override them. @throws Error if it cannot be read. */
async function settingsOfFile(): Promise<NodeJS.ProcessEnv> {
  const text = await readFile(SETTINGS_FILE, 'utf8').catch(noFile);
  if (text === undefined) return {};
  const { [NEVER_READ]: opened, ...settings } = parseEnv(text);
  const names = Object.keys(settings);
  const [own, others] = [names.filter((name) => !isGiven(name)), names.filter(isGiven)];
  const overridden = others.length === 0 ? '' : `. The environment overrides ${others.join(', ')}`;
  writeLine(process.stdout, `Settings from ${SETTINGS_FILE}: ${own.join(', ') || 'none'}${overridden}`);
  if (opened !== undefined) {
    writeLine(process.stderr, `${NEVER_READ} is not read from ${SETTINGS_FILE}. Set it in the environment.`);
  }
  return settings;
}

function isGiven(name: string): boolean {
  return process.env[name] !== undefined;
}

function noFile(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  const hint = 'Make it readable, or remove it.';
  throw new Error(`${SETTINGS_FILE} cannot be read: ${failureReason(cause)}. ${hint}`, { cause });
}
