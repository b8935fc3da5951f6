// `npm pack` reads the manifest between `prepack` and `postpack`. If it fails or is killed in between, `postpack` does
// not run. So a background process waits for npm to end and restores the manifest.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { restoreSource, showPublished } from './manifest.mjs';

const POLL_MS = 20;
const [step, watched] = process.argv.slice(2);

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function ended(pid) {
  while (isAlive(pid)) await sleep(POLL_MS);
}

function leaveWatch() {
  // On Windows the parent is a shell that ends before npm does. There, `npm start` and `npm test` restore the manifest.
  if (process.platform === 'win32') return;
  const self = fileURLToPath(import.meta.url);
  spawn(process.execPath, [self, 'watch', String(process.ppid)], { detached: true, stdio: 'ignore' }).unref();
}

if (step === 'prepack') {
  await import('./prepare.mjs');
  leaveWatch();
  showPublished();
} else {
  if (step === 'watch') await ended(Number(watched));
  restoreSource();
}
