import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { CHILD_ENVIRONMENT } from '../support/service/child.environment.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT_MS = 60_000;
/** More than an output takes at once, then a line that is still in memory when the process ends. */
const PROGRAM = `
  import { createLogger } from './dist/service/observability/logger.js';
  const isPretty = process.env.LOG_FORMAT === 'pretty';
  const log = createLogger({ level: 'info', isPretty, isTraced: false });
  process.stdin.once('data', () => {
    for (let line = 0; line < 5000; line += 1) log.info({ line }, 'a line that fills the output');
    setImmediate(() => {
      log.info('the last line');
      process.exit(7);
    });
  });
  process.stderr.write('ready');`;

/** Leaves out the modules that the log imports and does not use: loading them takes most of the time of a process. */
const onlyUsedModules: Plugin = {
  name: 'only-used-modules',
  setup(bundling) {
    bundling.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }));
  },
};

const { outputFiles } = await build({
  stdin: { contents: PROGRAM, resolveDir: ROOT },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'error',
  plugins: [onlyUsedModules],
});
const script = outputFiles.map(({ text }) => text).join('');
const folder = mkdtempSync(join(tmpdir(), 'rookery-log-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['json', 'pretty'])('a %s log', (format) => {
  it('lets the process end if the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    expect(await exitCodeOf(start(format, full))).toBe(7);
    closeSync(full);
  });

  it('lets the process end if it has no reader', async () => {
    const child = start(format, 'pipe');
    child.stdout?.destroy();
    expect(await exitCodeOf(child)).toBe(7);
  });

  it.each(['socket', 'pipe'])('lets the process end if its reader never reads from the %s', async (kind) => {
    const path = join(folder, `${format}-unread`);
    if (kind === 'pipe') execFileSync('mkfifo', [path]);
    const ends =
      kind === 'pipe' ? [constants.O_RDONLY | constants.O_NONBLOCK, 'w'].map((how) => openSync(path, how)) : [];
    expect(await exitCodeOf(start(format, ends[1] ?? 'pipe'), 'exit')).toBe(7);
    ends.forEach((each) => closeSync(each));
  });

  it('has all lines in their order', async () => {
    const child = start(format, 'pipe');
    const ended = exitCodeOf(child);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await ended).toBe(7);
    expect(text.match(/a line that fills the output/g)).toHaveLength(5000);
    expect(text.trimEnd().split('\n').at(-1)).toContain('the last line');
  });
});

function start(format: string, output: number | 'pipe') {
  const env = { ...CHILD_ENVIRONMENT, LOG_FORMAT: format };
  const args = ['--input-type=module', '-e', script];
  return spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ['pipe', output, 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
}

/** Lets the program write once it is ready. Null: it did not end in time. */
async function exitCodeOf(child: ReturnType<typeof start>, end = 'close'): Promise<number | null> {
  await once(child.stderr ?? child, 'data');
  child.stdin?.write('go');
  await once(child, end);
  return child.exitCode;
}
