import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '../support/until.js';

const SCRIPTS = fileURLToPath(new URL('../../.ci', import.meta.url));
/** Takes half a second, and fails if another build is under way. */
const BUILD = `
  const fs = require('node:fs');
  fs.mkdirSync('building');
  fs.appendFileSync('builds', 'one');
  setTimeout(() => {
    fs.mkdirSync('dist/app', { recursive: true });
    fs.writeFileSync('dist/app/modules.js', '');
    fs.rmdirSync('building');
  }, 500);`;

describe('commands that begin while nothing is built', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rookery-prepare-'));
    for (const name of ['src', 'studio', 'node_modules']) mkdirSync(join(folder, name));
    cpSync(SCRIPTS, join(folder, '.ci'), { recursive: true });
    for (const name of ['package-lock.json', 'node_modules/.package-lock.json'])
      writeFileSync(join(folder, name), '{}');
    writeFileSync(join(folder, 'build.cjs'), BUILD);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { build: 'node build.cjs' } }));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function start(): ChildProcessWithoutNullStreams {
    // The lock is in this folder, so that it goes with it.
    const env = { PATH: process.env.PATH, TMPDIR: folder };
    return spawn(process.execPath, [join(folder, '.ci/prepare.mjs')], { env, detached: true });
  }

  async function prepare(): Promise<string> {
    const child = start();
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return `${child.exitCode}: ${said}`;
  }

  it('build once, and wait for each other', async () => {
    const said = await Promise.all([prepare(), prepare(), prepare()]);
    expect(said.filter((each) => each === '0: Building …\n')).toHaveLength(1);
    expect(said.filter((each) => /^0: Waiting for process \d+, which installs or builds …\n$/.test(each))).toHaveLength(
      2,
    );
    expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('one');
  });

  it('do not wait for one that was killed', async () => {
    const killed = start();
    await until('the build begins', () => existsSync(join(folder, 'building')));
    // With the build.
    if (killed.pid !== undefined) process.kill(-killed.pid, 'SIGKILL');
    await once(killed, 'close');
    rmSync(join(folder, 'building'), { recursive: true });
    expect(await prepare()).toBe('0: Building …\n');
  });
});
