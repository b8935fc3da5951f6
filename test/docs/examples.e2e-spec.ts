import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { blocksOf, textOf } from '../support/pages.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'dist/app/main.rookery.js');
const HOOKS = join(ROOT, 'dist/service/commands/test.hooks.js');
const EXAMPLES = 5;

const run = promisify(execFile);
const names = await readdir(join(ROOT, 'examples'));
const folder = await mkdtemp(join(tmpdir(), 'rookery-examples-'));

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the examples', () => {
  it('pass their tests', async () => {
    await cp(join(ROOT, 'examples'), folder, { recursive: true });
    await run(process.execPath, [COMMAND, 'build', folder]);
    const files = globSync('dist/*/*.test.js', { cwd: folder });
    // The page is tested in a browser.
    expect(files).toHaveLength(EXAMPLES - 1);
    // As `rookery test` does, but in one process, which loads the packages once.
    const args = ['--import', HOOKS, '--test', '--test-isolation=none', '--test-reporter=tap', ...files];
    const { stdout } = await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH } }).catch(
      (failure: { stdout: string }) => failure,
    );
    expect(stdout).toMatch(/^# pass 9\n# fail 0$/m);
  });

  it.each(names)('have a page of about ten lines: %s', async (name) => {
    const lines = (await readFile(join(ROOT, 'examples', name, 'README.md'), 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(13);
    expect(textOf('docs/examples.md')).toContain(`(../examples/${name}/README.md)`);
  });

  const quotes = [
    ...blocksOf(textOf('docs/examples.md')).filter(({ language }) => language === 'ts'),
    ...blocksOf(textOf('docs/clients.md'))
      .filter(({ language }) => language === 'html')
      .map(({ text }) => ({ title: 'examples/browser-page/index.html', text })),
  ].map(({ title, text }) => ({ path: title.replaceAll('`', ''), text }));

  it.each(quotes)('are quoted as they are: $path', async ({ path, text }) => {
    expect(text).toBe(await readFile(join(ROOT, path), 'utf8'));
  });

  it('are quoted', () => expect(quotes.length).toBeGreaterThanOrEqual(EXAMPLES));
});
