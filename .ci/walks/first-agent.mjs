// Types the commands of a newcomer in a fresh clone: `node .ci/walks/first-agent.mjs`. At the end an agent with a tool
// has passed its test, and has answered. Fails if that takes longer than three minutes.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LIMIT_MS = 180_000;
const PORT = '18765';

const clone = mkdtempSync(join(tmpdir(), 'rookery-first-agent-'));
execFileSync('git', ['clone', '--quiet', ROOT, clone]);
const began = performance.now();
try {
  type('npm run rookery -- init agents');
  type('npm run rookery -- test agents');
  type('npm run rookery -- build agents');
  const env = { ...process.env, AGENTS_DIR: 'agents/dist', PORT };
  const service = spawn('npm', ['start'], { cwd: clone, env, detached: true, stdio: 'ignore' });
  try {
    await answers();
  } finally {
    // The group has the service, and the shell of npm.
    if (service.pid !== undefined) process.kill(-service.pid, 'SIGTERM');
  }
} finally {
  rmSync(clone, { recursive: true, force: true });
}
const tookMs = performance.now() - began;
process.stdout.write(`An agent with a tool has passed its test and answered after ${Math.round(tookMs / 1000)} s.\n`);
process.exitCode = tookMs > LIMIT_MS ? 1 : 0;

function type(command) {
  process.stdout.write(`$ ${command}\n`);
  execFileSync('sh', ['-c', command], { cwd: clone, stdio: 'inherit' });
}

/** The fifth command, once the fourth one listens. */
async function answers() {
  const url = `http://127.0.0.1:${PORT}/api/v1/agent/chat`;
  const body = JSON.stringify({ message: 'Hello', agent_role: 'weather' });
  const headers = { 'content-type': 'application/json' };
  for (;;) {
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
    if (answer?.ok) return;
    if (answer !== undefined || performance.now() - began > 2 * LIMIT_MS) {
      throw new Error(`The agent does not answer: ${answer?.status} ${await answer?.text()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
