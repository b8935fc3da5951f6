import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { number, print, table } from './report.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LATER_STARTS = 3;
/** The aim of a start that neither installs nor builds. */
const MAX_LATER_MS = 3000;
const GIVE_UP_MS = 10 * 60_000;

/**
 * Times `npm start` until it listens: in a fresh clone, where it installs and builds, and again. Needs git and the
 * registry of npm.
 */
export async function measureStart(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-start-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', ROOT, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The clone failed: ${stderr}`);
  const firstMs = await timeStart(folder);
  const laterMs: number[] = [];
  for (let start = 0; start < LATER_STARTS; start++) laterMs.push(await timeStart(folder));
  print(
    table([
      ['npm start', 'seconds until it listens'],
      ['in a fresh clone', number(firstMs / 1000, 1)],
      ...laterMs.map((ms, index) => [`start ${index + 2}`, number(ms / 1000, 2)]),
    ]),
  );
  const fastestMs = Math.min(...laterMs);
  return fastestMs > MAX_LATER_MS ? [`start: a later start takes ${number(fastestMs)} ms, not ${MAX_LATER_MS}`] : [];
}

/** Starts the service of a checkout and stops it. Returns the milliseconds until it listens. */
async function timeStart(cwd: string): Promise<number> {
  const startedMs = performance.now();
  const env = { PATH: process.env['PATH'], HOME: homedir(), PORT: '0', LOG_FORMAT: 'json' };
  const child = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: GIVE_UP_MS });
  let output = '';
  let listeningMs: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (listeningMs !== undefined || !output.includes('"msg":"listening"')) return;
      listeningMs = performance.now() - startedMs;
      child.kill('SIGTERM');
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  if (listeningMs === undefined) throw new Error(`npm start ended: ${output}`);
  return listeningMs;
}
