// Lets commands of this folder install and build one after another: two at once would remove each other's files.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Outside of the folder: an installation replaces `node_modules`, and a build replaces `dist`. */
const LOCK = join(tmpdir(), `rookery-prepare-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`);
const POLL_MS = 200;

/** Calls the function when no other command does the same. */
export function inTurn(work) {
  let said = '';
  for (let holder = holderOf(); holder !== undefined; holder = holderOf()) {
    const message = `Waiting for process ${holder}, which installs or builds …\n`;
    if (message !== said) process.stderr.write(message);
    said = message;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  process.once('exit', () => rmSync(LOCK, { force: true }));
  work();
}

/** Takes the lock, or returns the id of the process that has it. */
function holderOf() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = idInLock();
  if (holder === undefined || isAlive(holder)) return holder ?? 'unknown';
  // It was killed.
  rmSync(LOCK, { force: true });
  return holderOf();
}

/** Returns undefined if the other process has just ended, or has not yet written its id. */
function idInLock() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
