import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./warm.process.mjs', import.meta.url));
/** Then another process takes its place, because what services leave behind takes memory. */
const MAX_STARTS = 30;
/** A service whose runs do not end is killed. */
const STOP_LIMIT_MS = 500;
/** Until then the last lines of its log are written. */
const FLUSH_MS = 200;

const idle: ChildProcess[] = [];
const starts = new WeakMap<ChildProcess, number>();

/** Returns a process without a service: one that has run a service before, or else a new one. */
export function takeProcess(env: NodeJS.ProcessEnv, execArgv: string[]): ChildProcess {
  let child = idle.pop();
  // Work that a service has left behind may have ended its process.
  while (child?.connected === false) child = idle.pop();
  child ??= forkProcess(env, execArgv);
  starts.set(child, (starts.get(child) ?? 0) + 1);
  return child;
}

/** Stops the service of a process, which then can run another one. Otherwise kills the process. */
export async function giveBack(child: ChildProcess): Promise<void> {
  if (child.connected && (starts.get(child) ?? 0) < MAX_STARTS) {
    const late = AbortSignal.timeout(STOP_LIMIT_MS);
    const stopped = once(child, 'message', { signal: late }).then(
      ([message]) => message === 'stopped',
      () => false,
    );
    child.send('stop');
    if (await Promise.race([stopped, once(child, 'exit').then(() => false)])) {
      setTimeout(() => idle.push(child), FLUSH_MS).unref();
      return;
    }
  }
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function forkProcess(env: NodeJS.ProcessEnv, execArgv: string[]): ChildProcess {
  const child = fork(SCRIPT, { env, execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.setMaxListeners(0);
  // It ends with this process, and does not delay that.
  child.unref();
  child.channel?.unref();
  for (const output of [child.stdout, child.stderr]) if (output instanceof Socket) output.unref();
  // It may end before it has got a message.
  child.on('error', () => undefined);
  return child;
}
