// Types the commands of the guide docs/agents.md in a new Nest application: `node .ci/walks/first-module.mjs`. It needs the npm
// registry. `nest new` of today makes the application, twice: one gets the example of the guide, one `rookery init`. Their
// tests, also those that `nest new` wrote, pass, and both start and answer. Fails if that takes longer than ten minutes.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LIMIT_MS = 600_000;
const PORT = '18766';
const FILE = /^\*\*`(\S+?\.ts)`\*\*.*?^```ts\n(.*?)^```$/gms;
const INSTALL = /^```sh\n(npm install \.\.\/rookery\/.*?)^```$/ms;

const folder = mkdtempSync(join(tmpdir(), 'rookery-first-module-'));
const clone = join(folder, 'rookery');
const guide = readFileSync(join(ROOT, 'docs/agents.md'), 'utf8');
const began = performance.now();
try {
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  type(clone, 'npm run pack');
  type(folder, 'npx -y @nestjs/cli@latest new orders --skip-git --observe --package-manager npm');
  const [, install = ''] = INSTALL.exec(guide) ?? [];
  for (const command of install.trim().split('\n')) type(join(folder, 'orders'), command);
  cpSync(join(folder, 'orders'), join(folder, 'added'), { recursive: true, verbatimSymlinks: true });
  await walkExample(join(folder, 'orders'));
  await walkInit(join(folder, 'added'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const tookMs = performance.now() - began;
process.stdout.write(
  `Two Nest applications have passed their tests and answered after ${Math.round(tookMs / 1000)} s.\n`,
);
process.exitCode = tookMs > LIMIT_MS ? 1 : 0;

/** The files of the guide, their test and their start. */
async function walkExample(application) {
  const files = [...guide.matchAll(FILE)];
  if (files.length !== 3) throw new Error(`The guide has ${files.length} files.`);
  for (const [, name, text] of files) writeFileSync(join(application, name), text);
  type(application, 'npm test');
  type(application, 'npm run test:e2e');
  type(application, 'npm run lint');
  const output = execFileSync('npm', ['start'], { cwd: application, encoding: 'utf8' });
  if (!output.includes('[offline model] You said')) throw new Error(`The application does not answer: ${output}`);
}

/** The agent of `rookery init`, its test, and a call of its routes. */
async function walkInit(application) {
  type(application, 'npx --no rookery init');
  type(application, 'npm test');
  type(application, 'npm run lint');
  type(application, 'npx --no rookery doctor');
  const env = { ...process.env, PORT };
  const service = spawn('npm', ['start'], { cwd: application, env, detached: true, stdio: 'ignore' });
  try {
    await answers();
  } finally {
    // The group has the application, and the shell of npm.
    if (service.pid !== undefined) process.kill(-service.pid, 'SIGTERM');
  }
}

function type(place, command) {
  process.stdout.write(`$ ${command}\n`);
  execFileSync('sh', ['-c', command], { cwd: place, stdio: 'inherit' });
}

async function answers() {
  const url = `http://127.0.0.1:${PORT}/api/v1/agent/chat`;
  const headers = { 'content-type': 'application/json' };
  for (;;) {
    const answer = await fetch(url, { method: 'POST', headers, body: '{"message":"Hello"}' }).catch(() => undefined);
    if (answer?.ok) return;
    if (answer !== undefined || performance.now() - began > LIMIT_MS) {
      throw new Error(`The agent does not answer: ${answer?.status} ${await answer?.text()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
