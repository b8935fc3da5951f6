import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { failureReason, writeLine } from '../command.line.js';
import { buildFolder, hasTypeScript } from './build.command.js';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const SETTINGS_FILE = '.env.local';
/** A file must not open the service to everyone. */
const NEVER_READ = 'ALLOW_UNAUTHENTICATED';
/** Editors write a file in several steps. */
const SETTLE_MS = 100;

/** Compiles and serves the agents of a folder, and again after each change. Resolves when it is asked to end. */
export async function develop(folder: string): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const settings = await settingsOfFile();
  let service = await serve(folder, settings);
  for await (const _ of changesOf(folder, stopped.signal)) {
    await end(service);
    service = await serve(folder, settings);
  }
  await end(service);
}

/** Starts the service; undefined: the agents cannot be compiled. The service itself says what else is wrong. */
async function serve(folder: string, settings: NodeJS.ProcessEnv): Promise<ChildProcess | undefined> {
  try {
    const isCompiled = await hasTypeScript(folder);
    if (isCompiled) await buildFolder(folder);
    const AGENTS_DIR = isCompiled ? join(folder, 'dist') : folder;
    const env = { LOG_FORMAT: 'pretty', ...settings, ...process.env, AGENTS_DIR };
    return spawn(process.execPath, ['--enable-source-maps', MAIN], { env, stdio: 'inherit' });
  } catch (failure) {
    writeLine(process.stderr, `${failureReason(failure)}\nWaiting for a change of ${folder}.`);
    return undefined;
  }
}

async function end(service: ChildProcess | undefined): Promise<void> {
  if (service === undefined || service.exitCode !== null || service.signalCode !== null) return;
  service.kill('SIGTERM');
  await once(service, 'exit');
}

/** Yields once after each group of changes, and ends with the signal. */
async function* changesOf(folder: string, signal: AbortSignal): AsyncIterable<void> {
  let change = Promise.withResolvers<boolean>();
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name === null || !/(^|[/\\])(dist|node_modules|\.[^/\\]*)([/\\]|$)/.test(name)) change.resolve(true);
  });
  signal.addEventListener('abort', () => change.resolve(false), { once: true });
  try {
    while (!signal.aborted && (await change.promise)) {
      await sleep(SETTLE_MS);
      change = Promise.withResolvers<boolean>();
      if (signal.aborted) return;
      yield;
    }
  } finally {
    watcher.close();
  }
}

/** The settings of `.env.local`. Those of the environment override them. */
async function settingsOfFile(): Promise<NodeJS.ProcessEnv> {
  const text = await readFile(SETTINGS_FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  const { [NEVER_READ]: opened, ...settings } = parseEnv(text);
  writeLine(process.stdout, `Settings from ${SETTINGS_FILE}: ${Object.keys(settings).join(', ')}`);
  if (opened !== undefined) {
    writeLine(process.stderr, `${NEVER_READ} is not read from ${SETTINGS_FILE}. Set it in the environment.`);
  }
  return settings;
}
