import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, parseObject, type Json } from '../support/json.js';
import { type Block, blocksOf, pages, textOf } from '../support/pages.js';
import { removeServices, type Service, type Settings, startService } from '../support/service/service.js';
import { writeStrictApplication } from '../support/strict.application.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE_URL = /http:\/\/(?:127\.0\.0\.1|localhost):8000/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const KEYS = 'npm run keys --';
const STRICT = ['--norc', '-euo', 'pipefail', '-c'];

interface Ended {
  exitCode: number;
  output: string;
  errors: string;
}

interface Outcome extends Ended {
  title: string;
  /** The answer that the page prints below the call. */
  shown: string;
}

/** The pages whose calls run here, and the settings of their services. */
const CALLED: [string, Settings][] = [
  ['README.md', {}],
  ['docs/api.md', {}],
  ['docs/api-v2.md', {}],
  ['docs/identity.md', { AUTH_MODE: 'api-key' }],
];

const readme = textOf('README.md');
const outcomes = (await Promise.all(CALLED.map(([page, settings]) => runCalls(page, settings)))).flat();

afterAll(removeServices);

describe('the calls of the pages', () => {
  it('exist at least ten times, each with its answer', () => {
    expect(outcomes.length).toBeGreaterThanOrEqual(10);
    expect(outcomes.filter(({ shown }) => shown === '')).toEqual([]);
  });

  it.each(outcomes)('work as written: $title', ({ exitCode, errors, output, shown }) => {
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const actual = answerOf(output);
    expect(asShown(actual, answerOf(shown))).toEqual(answerOf(shown));
  });
});

describe('the tables of the pages', () => {
  it('name exactly the settings, with the defaults and the values of the code', async () => {
    const checked = await execute(process.execPath, [join(ROOT, '.ci/settings.mjs')], ROOT);

    expect(checked).toEqual({ exitCode: 0, output: '', errors: '' });
  });

  it('name exactly the errors, with their status and whether to retry', async () => {
    const source = await readFile(join(ROOT, 'src/errors/error.codes.ts'), 'utf8');
    const codes = Array.from(
      source.matchAll(/^ {2}(\w+): \{\s*status: (\d+),.*?isRetryable: (true|false),/gms),
      ([, code, status, isRetryable]) => [code, status, isRetryable === 'true' ? 'yes' : 'no'],
    );

    expect(codes.length).toBeGreaterThan(5);
    expect(
      rowsOf('docs/api.md', 'Code').map(([code, status, , retry]) => [code, status, retry?.split(',')[0]]),
    ).toEqual(codes);
  });
});

describe('the page of the options', () => {
  it('is made from their docstrings', async () => {
    expect(await execute(process.execPath, ['.ci/options.mjs'], ROOT)).toEqual({ exitCode: 0, output: '', errors: '' });
    expect(rowsOf('docs/options.md', 'Option')).toContainEqual([
      'timeoutMs',
      'AGENT_TIMEOUT_SECONDS',
      'Time limit of a run, in milliseconds. Default: 30 000.',
    ]);
  });
});

describe('the links of the pages', () => {
  const links = [...pages].flatMap(([page, text]) =>
    Array.from(text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g), ([, path = '', anchor]) => ({
      page,
      path: path === '' ? page : posix.join(posix.dirname(page), path),
      anchor,
    })),
  );

  it('lead from the README to every page', () => {
    const linked = new Set(links.filter(({ page }) => page === 'README.md').map(({ path }) => path));

    expect([...pages.keys()].filter((name) => name.startsWith('docs/') && !linked.has(name))).toEqual([]);
  });

  it.each(links)('have a target: $page to $path#$anchor', async ({ path, anchor }) => {
    await expect(access(join(ROOT, path))).resolves.toBeUndefined();
    if (anchor !== undefined) expect(anchorsOf(textOf(path))).toContain(anchor);
  });
});

describe('the example of the README for Nest', () => {
  it('compiles in a strict application and runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-readme-'));
    try {
      const program = blocksOf(readme).find(({ language }) => language === 'ts')?.text ?? '';
      const packages = ['@nestjs', '@types', 'reflect-metadata'];
      await writeStrictApplication(folder, { files: { 'main.ts': program }, packages });

      const compiled = await execute(process.execPath, [join(ROOT, 'node_modules/typescript-7/bin/tsc')], folder);
      expect(compiled).toEqual({ exitCode: 0, output: '', errors: '' });

      const run = await execute(process.execPath, ['main.js'], folder);
      expect(run).toMatchObject({ exitCode: 0, errors: '' });
      expect(run.output).toContain('[offline model] You said: “The sea”.');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Runs the calls of a page in order on their own service: a later call may read data of an earlier one. */
async function runCalls(page: string, settings: Settings): Promise<Outcome[]> {
  const service = await startService(settings);
  const blocks = blocksOf(textOf(page));
  const ROOKERY_KEY = settings.AUTH_MODE === undefined ? '' : await makeKey(blocks, service);
  const ran: Outcome[] = [];
  for (const [index, { title, language, text }] of blocks.entries()) {
    if (language !== 'sh' || !text.includes('curl')) continue;
    const ended = await execute('bash', [...STRICT, text.replace(PAGE_URL, service.url)], service.folder, {
      ROOKERY_KEY,
    });
    const next = blocks[index + 1];
    ran.push({ title: `${page}: ${title}`, ...ended, shown: next && next.language !== 'sh' ? next.text : '' });
  }
  return ran;
}

/** Returns the key that the page's own command creates while the service runs. */
async function makeKey(blocks: readonly Block[], { folder, databaseUrl }: Service): Promise<string> {
  const create = blocks.flatMap(({ text }) => text.split('\n')).find((line) => line.startsWith(`${KEYS} create`)) ?? '';
  const script = create.replace(KEYS, `'${process.execPath}' '${join(ROOT, 'dist/app/main.keys.js')}'`);
  const { exitCode, errors, output } = await execute('bash', [...STRICT, script], folder, {
    DATABASE_URL: databaseUrl,
  });
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  return output.trimEnd().split('\n').at(-1) ?? '';
}

function execute(command: string, args: string[], cwd: string, variables: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      { cwd, env: { PATH: process.env.PATH, ...variables }, timeout: 60_000 },
      (_, output, errors) => resolve({ exitCode: child.exitCode ?? -1, output, errors }),
    );
  });
}

/** Derives anchors from headings as GitHub does. */
function anchorsOf(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Returns the cells of the table whose first column has that head, without code marks. */
function rowsOf(page: string, head: string): string[][] {
  const lines = textOf(page).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}

/** Returns the comparable part of an answer: a JSON object, the events of a stream, or the text. */
function answerOf(text: string): unknown {
  if (/^event: /m.test(text)) return eventsOf(text);
  return text.startsWith('{') ? JSON.parse(text) : text.trim();
}

/** Consecutive events of one type count once: the pages do not print every word. */
function eventsOf(text: string): Json[] {
  const events = text.split('\n\n').flatMap((frame) => {
    const [, id, event, data] = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/m.exec(frame) ?? [];
    return id !== undefined && data !== undefined ? [{ id: Number(id), event, data: parseObject(data) }] : [];
  });
  return events.filter(({ event }, index) => event !== events[index - 1]?.event);
}

/** Returns the actual answer, but with the page's text for values that vary or that the page shortens. */
function asShown(actual: unknown, shown: unknown, name = ''): unknown {
  if (Array.isArray(actual) && Array.isArray(shown)) return actual.map((item, index) => asShown(item, shown[index]));
  if (isObject(actual) && isObject(shown)) {
    return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, asShown(value, shown[key], key)]));
  }
  // Only times vary.
  if (typeof actual === 'number' && typeof shown === 'number' && name.endsWith('_ms')) return shown;
  return typeof actual === 'string' && typeof shown === 'string' && isSimilar(actual, shown, name) ? shown : actual;
}

function isSimilar(actual: string, shown: string, name: string): boolean {
  if (TIME.test(shown)) return TIME.test(actual);
  // Ids are opaque and vary between calls.
  return shown.endsWith('…') && (name.endsWith('_id') || actual.startsWith(shown.slice(0, -1)));
}
