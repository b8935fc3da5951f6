import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readEnvironment } from '../../src/service/settings/environment.reader.js';
import { object, parseObject, string } from '../support/json.js';
import { blocksOf, pages, textOf } from '../support/pages.js';
import { removeServices, startService, startToFail } from '../support/service/service.js';
import { writeStrictApplication } from '../support/strict.application.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Pages whose programs have tests of their own. */
const COMPILED_ELSEWHERE = new Set(['README.md', 'docs/agents.md', 'docs/examples.md']);

/** Commands that run in no test of the pages, and the reason. */
const NOT_RUN: readonly [RegExp, string][] = [
  [/^npm test$/, 'it would run this test'],
  [/^npm install /, 'it needs a registry; the tests of the package install it'],
  [/^npx esbuild /, 'the test of the page for browsers bundles with the same options'],
  [/^docker /, 'it needs Docker; the tests of the deployment read its arguments'],
  [/^sqlite3 /, 'it needs another program; the test of the back-up runs the command for Node'],
  [/^PATH=\S+ node -e /, 'the test of the back-up runs it'],
  [/^npm run rookery -- (init|test|dev|build) agents$/, 'the tests of the command run it'],
  [/^npm run rookery -- test examples$/, 'the test of the examples runs it'],
  [/^npm run( -s)? audit /, 'the tests of the audit run the command'],
];

const blocks = [...pages].flatMap(([page, text]) =>
  blocksOf(text).map(({ language, text: code }, index) => ({ page, number: index + 1, language, text: code })),
);
const commands = blocks
  .filter(({ language, text }) => language === 'sh' && !text.includes('curl'))
  .flatMap(({ page, text }) =>
    text
      .replaceAll('\\\n', ' ')
      .trim()
      .split('\n')
      .map((line) => ({ page, line })),
  );
const folder = await mkdtemp(join(tmpdir(), 'rookery-blocks-'));

afterAll(async () => {
  await removeServices();
  await rm(folder, { recursive: true, force: true });
});

describe('the blocks of the pages', () => {
  it('name a language that a test checks', () => {
    const checked = new Set(['sh', 'ts', 'json', 'yaml', 'html', 'http', 'nginx', 'text']);

    expect(blocks.length).toBeGreaterThan(60);
    expect(blocks.filter(({ language }) => !checked.has(language))).toEqual([]);
  });

  it('compile, each as a module of a strict application', async () => {
    const modules = blocks.filter(({ page, language }) => language === 'ts' && !COMPILED_ELSEWHERE.has(page));
    await writeStrictApplication(folder, {
      files: Object.fromEntries(modules.map(({ text }, index) => [`block.${index}.ts`, `${text}\nexport {};\n`])),
      compilerOptions: { lib: ['es2023', 'esnext.disposable', 'dom'], noEmit: true },
    });

    const compiled = await execute(process.execPath, [join(ROOT, 'node_modules/typescript-7/bin/tsc')]);

    expect(modules.length).toBeGreaterThanOrEqual(9);
    expect(compiled).toEqual({ exitCode: 0, output: '', errors: '' });
  });

  it.each(blocks.filter(({ language }) => language === 'json'))('are JSON: $page, block $number', ({ text }) => {
    expect(JSON.parse(text)).toBeInstanceOf(Object);
  });

  it.each(blocks.filter(({ language }) => language === 'yaml'))('are YAML: $page, block $number', ({ text }) => {
    expect(parse(text)).toBeInstanceOf(Object);
  });
});

describe('the commands of the pages', () => {
  const starts = commands.filter(({ line }) => /^([A-Z_]+=\S+ +)*npm start$/.test(line));
  it.each(starts)('start with valid settings: $line', ({ line }) => {
    const settings = Object.fromEntries(
      Array.from(line.matchAll(/([A-Z_]+)=(\S+)/g), ([, name, value]) => [name, value]),
    );

    expect(() => readEnvironment(settings, { areFilesRead: false })).not.toThrow();
  });

  it('pass on the settings of a file', async () => {
    const command = commands.find(({ line }) => line.startsWith('set -a'))?.line ?? '';
    await writeFile(join(folder, 'rookery.env'), 'AGENT_MODEL=from-the-file\n');

    const ran = await bash(command.replace('npm start', 'printenv AGENT_MODEL'));

    expect(ran).toEqual({ exitCode: 0, output: 'from-the-file\n', errors: '' });
  });

  it('manage keys', async () => {
    const { databaseUrl } = await startService({ AUTH_MODE: 'api-key' });
    const lines = commands.map(({ line }) => line).filter((line) => line.startsWith('npm run keys -- '));
    const run = (words: string) =>
      bash(`'${process.execPath}' '${join(ROOT, 'dist/app/main.keys.js')}' ${words}`, { DATABASE_URL: databaseUrl });
    for (const line of lines) {
      // Each command gets a key of its own: a revoked key accepts no other command.
      const { output } = await run('create --name any --tenant acme --scopes chat');
      const [, id = ''] = /rookery_([0-9a-f]{16})_/.exec(output) ?? [];
      const words = line.replace('npm run keys -- ', '').replace('0f1e2d3c4b5a6978', id).replace(/[[\]]/g, '');
      expect({ line, ...(await run(words)) }).toMatchObject({ exitCode: 0, errors: '' });
    }
    expect(lines.length).toBeGreaterThanOrEqual(5);
  });

  const others = commands.filter(({ line }) => !/npm start$|^npm run keys -- /.test(line));
  const reasonOf = (line: string): string | undefined => NOT_RUN.find(([command]) => command.test(line))?.[1];
  it.each(others.filter(({ line }) => reasonOf(line) === undefined))('run: $line', async ({ line }) => {
    const [, script] = /^npm run (?:-s )?(\S+)/.exec(line) ?? [];
    const { scripts } = parseObject(await readFile(join(ROOT, 'package.json'), 'utf8'));

    if (script === undefined) expect(await bash(line)).toMatchObject({ exitCode: 0, errors: '' });
    else expect(string(object(scripts)[script])).not.toBe('');
  });

  it('run, or have a reason that still applies', () => {
    const unused = NOT_RUN.filter(([command]) => !others.some(({ line }) => command.test(line)));

    expect(unused).toEqual([]);
  });
});

describe('the releases of the guide', () => {
  const files = blocksOf(textOf('docs/releases.md')).filter(({ language }) => language === 'yaml');
  const release = files.find(({ text }) => text.startsWith('# releases/assistant-2.yaml'))?.text ?? '';
  const flags = files.find(({ text }) => text.startsWith('# releases/flags.yaml'))?.text ?? '';

  it.each([
    ['as written', flags],
    [
      'with the rule for a tenant',
      withRule(flags, files.find(({ text }) => text.startsWith('targeting:'))?.text ?? ''),
    ],
  ])('are valid %s', async (_, content) => {
    const directory = await releasesWith(release, content);

    await expect(startService({ RELEASES_DIR: directory })).resolves.toBeDefined();
  });

  it('stop the start with the faults that the guide shows', async () => {
    const directory = await releasesWith(`${release}prompt: You are helpful.\n`, flags);
    const shown = blocksOf(textOf('docs/releases.md')).find(({ language }) => language === 'text')?.text ?? '';

    const { output } = await startToFail({ RELEASES_DIR: directory });

    expect(output).toContain(shown.replace('in releases are', `in ${directory} are`).trim());
  });
});

/** Replaces the rule of the flag. */
function withRule(flags: string, rule: string): string {
  return flags.replace(/^ {4}targeting:\n[^]*/m, rule.replaceAll(/^/gm, '    '));
}

async function releasesWith(release: string, flags: string): Promise<string> {
  const directory = await mkdtemp(join(folder, 'releases-'));
  await writeFile(join(directory, 'assistant-2.yaml'), release);
  await writeFile(join(directory, 'flags.yaml'), flags);
  return directory;
}

function bash(command: string, variables: Record<string, string> = {}) {
  return execute('bash', ['--norc', '-euo', 'pipefail', '-c', command], variables);
}

function execute(command: string, args: string[], variables: Record<string, string> = {}) {
  return new Promise<{ exitCode: number; output: string; errors: string }>((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, ...variables }, timeout: 60_000 };
    const child = execFile(command, args, options, (_, output, errors) =>
      resolve({ exitCode: child.exitCode ?? -1, output, errors }),
    );
  });
}
