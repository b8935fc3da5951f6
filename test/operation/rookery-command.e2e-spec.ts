import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkProvider } from '../../src/cli/checks/provider.check.js';
import { initNest } from '../../src/cli/nest.init.js';
import { Terminal } from '../../src/cli/terminal.js';
import { changesOf } from '../../src/service/commands/folder.changes.js';
import { chat } from '../support/clients/client.js';
import { CHILD_ENVIRONMENT } from '../support/service/child.environment.js';
import { CommandHost, type RunCommand } from '../support/service/commands.js';
import { removeServices, type Settings, startService } from '../support/service/service.js';
import { CLOSED_PORT } from '../support/servers/free.port.js';
import { LoopbackServer } from '../support/servers/loopback.server.js';
import { describeRedis, Replicas } from '../support/storage/redis.js';
import { hasPostgres, postgres } from '../support/storage/stores.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'dist/app/main.rookery.js');
const COMPILER = join(ROOT, 'node_modules/typescript-7/bin/tsc');
const LIMIT_MS = 60_000;
const execute = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'rookery-command-'));
const agents = join(folder, 'agents');
const host = new CommandHost();

afterAll(async () => {
  await host.close();
  await removeServices();
  await rm(folder, { recursive: true, force: true });
});

/** Refuses every key, and its clock is an hour behind. */
class StrangeProvider extends LoopbackServer {
  protected answer(_: IncomingMessage, response: ServerResponse): void {
    response.writeHead(401, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end();
  }
}

/** Runs a command in the folder. */
function rookery(...args: readonly string[]): Promise<RunCommand> {
  return rookeryWith({ DATABASE_URL: `file:${folder}/keys.db` }, ...args);
}

function rookeryWith(settings: Settings, ...args: readonly string[]): Promise<RunCommand> {
  return host.run(settings, folder, args);
}

/** Runs a command in the folder as people do, in a process of its own. */
async function rookeryAlone(...args: readonly string[]): Promise<RunCommand> {
  const options = { cwd: folder, env: { ...CHILD_ENVIRONMENT, DATABASE_URL: `file:${folder}/keys.db` } };
  return await execute(process.execPath, [COMMAND, ...args], options).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      exitCode: code,
      stdout,
      stderr,
    }),
  );
}

describe('the command rookery', () => {
  it('writes an agent with a tool and a test that passes and compiles, and serves it', async () => {
    const written = await rookeryAlone('init');
    expect(written).toMatchObject({ exitCode: 0, stderr: '' });
    expect(written.stdout).toContain('npm run rookery -- test agents');
    expect(await execute(process.execPath, [COMPILER, '-p', agents])).toMatchObject({ stdout: '' });

    const tested = await rookeryAlone('test');
    expect(tested.stdout).toMatch(/✔ the agent asks its tool/);
    expect(tested.exitCode).toBe(0);
    const built = await rookeryAlone('build', 'agents');
    expect(built.stdout).toBe('Compiled 2 files. Serve them with AGENTS_DIR=agents/dist\n');

    const service = await startService({ AGENTS_DIR: join(agents, 'dist') });
    const { status, body } = await chat(service, { message: 'Hello', agent_role: 'weather' });
    expect([status, body.model]).toEqual([200, 'offline']);
  });

  it('fails if a test fails, and names the line in TypeScript', async () => {
    const path = join(agents, 'weather.agent.test.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace("'Take a hat.');\n  assert", "'Take a coat.');\n  assert"));
    const { exitCode, stdout } = await rookeryAlone('test');
    await writeFile(path, text);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('weather.agent.test.ts:11');
  });

  it('overwrites nothing that it has not made', async () => {
    expect(await rookery('init', 'agents')).toMatchObject({
      exitCode: 1,
      stderr: 'agents has files already. Name a new folder.\n',
    });
    const other = join(folder, 'other');
    await rookery('init', 'other');
    await execute('mkdir', [join(other, 'dist')]);
    await writeFile(join(other, 'dist', 'mine.txt'), 'mine');
    const { exitCode, stderr } = await rookery('build', 'other');
    expect([exitCode, stderr]).toEqual([1, 'other/dist was not made by this command. Move it, and build again.\n']);
    expect(await readdir(join(other, 'dist'))).toEqual(['mine.txt']);
    await writeFile(join(folder, 'file'), '');
    expect((await rookery('init', 'file')).stderr).toMatch(
      /^No agents: \/.*\/file is not a folder\. Name a new folder\./,
    );
  });

  it('keeps the last build if a file cannot be compiled, or would overwrite another', async () => {
    const twins = join(folder, 'twins');
    await mkdir(twins);
    await writeFile(join(twins, 'a.ts'), 'export const a: number = 1;');
    expect((await rookery('build', 'twins')).exitCode).toBe(0);
    await writeFile(join(twins, 'z.ts'), '@');
    expect((await rookery('build', 'twins')).stderr).toContain('z.ts:1:1');
    await rm(join(twins, 'z.ts'));
    await writeFile(join(twins, 'a.js'), '');
    const fault = 'a.js and a.ts would both become a.js. Rename one of them.\n';
    expect(await rookery('build', 'twins')).toMatchObject({ exitCode: 1, stderr: fault });
    expect(await readFile(join(twins, 'dist', 'a.js'), 'utf8')).toContain('const a = 1');
  });

  it.each([
    [['dev', 'nowhere'], '/nowhere does not exist. Create it: npm run rookery -- init nowhere'],
    [['build', 'nowhere'], '/nowhere does not exist. Create it: npm run rookery -- init nowhere'],
    [['init', '/proc/x/y'], "No agents: ENOENT: no such file or directory, mkdir '/proc/x'. Name a new folder."],
    [['backup', 'nowhere/x.db'], '/nowhere does not exist. Create it, or name another file.'],
    [['audit', 'verify', 'nowhere'], '/nowhere does not exist. Name an exported file.'],
    [['biuld'], "error: unknown command 'biuld'\n(Did you mean build?)"],
    [['build', 'a', 'b'], "error: too many arguments for 'build'"],
    [['test', '.'], '. has no test. Name one weather.test.ts, for example.'],
  ])('explains why it cannot %p', async (args, message) => {
    const empty = args[0] === 'test' ? await mkdtemp(join(folder, 'empty-')) : '';
    const run = args[0] === 'test' || args[0] === 'dev' ? rookeryAlone : rookery;
    const { exitCode, stderr } = await run(...args.map((each) => (each === '.' ? empty : each)));
    expect(exitCode).toBe(1);
    expect(stderr.replace(empty || '\0', '.')).toContain(message);
  });

  it('passes the arguments on to keys and audit, and prints its version', async () => {
    const created = await rookery('keys', 'create', '--name', 'x', '--tenant', 'acme', '--scopes', 'chat');
    expect(created.stdout).toContain('The key is shown only once');
    expect((await rookery('keys', '--help')).stdout).toContain('keys -- rotate ID');
    expect((await rookery('audit', '--help')).stdout).toContain('Usage');
    const own = { DATABASE_URL: `file:${folder}/keys.db`, ROOKERY_COMMAND: 'rookery' };
    const listed = await rookeryWith(own, 'keys', 'list', '--tenant', 'other');
    expect(listed.stderr).toContain('`rookery keys create` creates one.');
  });

  it.each(['verify', 'export'])('audit %s does not create a mistyped database', async (name) => {
    const file = join(folder, 'mistyped', 'x.db');
    const { exitCode, stderr } = await rookeryWith({ DATABASE_URL: `file:${file}` }, 'audit', name);
    expect([exitCode, stderr]).toEqual([
      1,
      `No database: the file ${file} does not exist. Correct DATABASE_URL. The first start creates the file.\n`,
    ]);
    expect(await readdir(folder)).not.toContain('mistyped');
  });

  it.each(['init', 'test', 'build', 'dev', 'start', 'chat', 'doctor', 'backup', 'keys', 'audit'])(
    'answers --help and --version for %s',
    async (name) => {
      expect(await rookery(name, '--version')).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
        stderr: '',
      });
      expect(await rookery(name, '--help')).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(new RegExp(`^Usage:[^]*${name}`)),
        stderr: '',
      });
    },
  );

  it.each(['rookery', 'keys', 'audit'])('ends quietly if the reader of the output of %s has gone', async (name) => {
    const command = COMMAND.replace('main.rookery', `main.${name}`);
    const child = spawn(process.execPath, [command, '--help'], { env: CHILD_ENVIRONMENT });
    child.stdout.destroy();
    const exited = once(child, 'exit');
    expect(await readText(child.stderr)).toBe('');
    expect(await exited).toEqual([0, null]);
  });

  it('backs up the file of a running service, and says what to do for PostgreSQL', async () => {
    const service = await startService();
    await chat(service, { message: 'kept', session_id: 'kept' });
    const settings = { DATABASE_URL: service.databaseUrl };
    const copied = await rookeryWith(settings, 'backup', 'copy.db');
    expect(copied).toMatchObject({ exitCode: 0, stderr: '' });
    expect(copied.stdout).toMatch(/^copy\.db has the data of .*rookery\.db: \d+ bytes, checked\./);
    expect((await stat(join(folder, 'copy.db'))).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(join(folder, 'copy.db'), { readOnly: true });
    expect(copy.prepare('select content from messages where content = ?').all('kept')).toHaveLength(1);
    copy.close();
    expect((await rookeryWith(settings, 'backup', 'copy.db')).stderr).toBe(
      'copy.db exists already. Name a new file.\n',
    );
    expect((await rookeryWith(settings, 'backup', 'copies/copy.db')).stderr).toBe(
      `No copy: the folder ${folder}/copies does not exist. Create it, or name another file.\n`,
    );
    expect((await rookeryWith({ DATABASE_URL: 'file:not/there.db' }, 'backup')).stderr).toBe(
      `No database: the file ${folder}/not/there.db does not exist. Correct DATABASE_URL. The first start creates the file.\n`,
    );
    const { exitCode, stderr } = await rookeryWith(
      { DATABASE_URL: 'postgres://u:hunter2@db/rookery' },
      'backup',
      'x.db',
    );
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('pg_dump --format=custom --file=x.dump --dbname=service=rookery\n'),
    ]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('rookery init --nest', () => {
  const head = "import { Module } from '@nestjs/common';\n";

  it.each([
    [
      'a list in one line',
      '@Module({ imports: [A], providers: [] })',
      '@Module({ imports: [AgentsModule, A], providers: [] })',
    ],
    [
      'a list with a comment',
      '@Module({\n  imports: [\n    // Traces\n    A,\n  ],\n})',
      '@Module({\n  imports: [\n    AgentsModule,\n    // Traces\n    A,\n  ],\n})',
    ],
    ['an empty list', '@Module({ imports: [] })', '@Module({ imports: [AgentsModule] })'],
    ['no list', '@Module({ providers: [] })', '@Module({\n  imports: [AgentsModule], providers: [] })'],
    ['another value', '@Module({ imports: MODULES })', undefined],
    ['a spread list', '@Module({ imports })', undefined],
  ])('adds its module to %s, or says what to add', async (_, before, after) => {
    const application = await mkdtemp(join(folder, 'nest-'));
    const compilerOptions = { experimentalDecorators: true, emitDecoratorMetadata: true };
    const manifest = { type: 'module', dependencies: { '@nestjs/core': '^12.0.0' } };
    await mkdir(join(application, 'src'));
    await writeFile(join(application, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(application, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const root = join(application, 'src/app.module.ts');
    const rest = 'export class AppModule {}\n';
    await writeFile(root, `${head}\n${before}\n${rest}`);
    const steps = await initNest(application);
    const line = "import { AgentsModule } from './agents/agents.module.js';";
    expect(steps).toContain('Next:\n  Install Rookery: `npm run pack` in its clone makes rookery-….tgz\n');
    expect(steps.includes(`Import it in your root module: ${line}`)).toBe(after === undefined);
    const expected = after === undefined ? `${head}\n${before}\n${rest}` : `${head}${line}\n\n${after}\n${rest}`;
    expect(await readFile(root, 'utf8')).toBe(expected);
  });
});

describe('rookery doctor', () => {
  const UNREACHABLE = '127.0.0.1:1';

  it('finds nothing wrong with the defaults, and changes nothing', async () => {
    const { exitCode, stdout } = await rookeryWith({ DATABASE_URL: `file:${folder}/new/x.db` }, 'doctor');
    expect(stdout.split('\n')).toEqual([
      `✔ Node      ${process.versions.node}`,
      '✔ Settings  All are valid.',
      `✔ Database  SQLite ${folder}/new/x.db does not exist yet. The first start makes it.`,
      '✔ Provider  None is set: the offline model answers. OPENAI_API_KEY sets one.',
      expect.stringMatching(/^✔ Clock {5}20\d\d-.*Z; no other clock was seen\.$/),
      '',
      'Nothing is wrong.',
      '',
    ]);
    expect(exitCode).toBe(0);
    expect(await readdir(folder)).not.toContain('new');
  });

  it('does not show a URL or a key that cannot be sent', async () => {
    const names = { baseUrl: 'OPENAI_BASE_URL', apiKey: 'OPENAI_API_KEY' };
    for (const fault of [
      { baseUrl: 'https://u:hunter2@models.example/v1', apiKey: 'x' },
      { baseUrl: 'https://models.example/v1', apiKey: 'sk-hunter2\nsk-hunter2' },
    ]) {
      const { findings } = await checkProvider({ ...fault, names });
      expect(findings).toMatchObject([{ text: 'models.example cannot be asked: its URL or its key cannot be sent.' }]);
      expect(JSON.stringify(findings)).not.toContain('hunter2');
    }
  });

  it('names each fault, and what to do, without secrets', async () => {
    await writeFile(join(folder, 'text.db'), 'x'.repeat(5000));
    const provider = await new StrangeProvider().listen();
    const [other, own, settings, paths] = await Promise.all([
      rookeryWith(
        {
          DATABASE_URL: `postgres://u:hunter2@${UNREACHABLE}/rookery`,
          REDIS_URL: `redis://:hunter2@${UNREACHABLE}`,
          OPENAI_BASE_URL: `http://127.0.0.1:${CLOSED_PORT}/v1`,
          OPENAI_KEY: 'x',
        },
        'doctor',
      ),
      rookeryWith(
        { DATABASE_URL: `file:${folder}/text.db`, OPENAI_BASE_URL: provider.origin, OPENAI_API_KEY: 'sk-hunter2' },
        'doctor',
      ),
      rookeryWith({ PORT: 'x' }, 'doctor'),
      rookeryWith({ AGENTS_DIR: 'nowhere', DOCS_DIR: 'text.db' }, 'doctor'),
    ]);
    await provider.close();
    expect(other.exitCode).toBe(1);
    for (const line of [
      '! Settings  OPENAI_KEY is not a setting. Did you mean OPENAI_API_KEY?',
      '✖ Database  PostgreSQL 127.0.0.1:1/rookery: connect ECONNREFUSED 127.0.0.1:1',
      '            → Start PostgreSQL, or correct the host and the port of DATABASE_URL.',
      '✖ Redis     127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
      '            → Start Redis or Valkey, or correct REDIS_URL.',
      `✖ Provider  127.0.0.1:${CLOSED_PORT} cannot be reached: connect ECONNREFUSED 127.0.0.1:${CLOSED_PORT}`,
      '3 to mend.',
    ]) {
      expect(other.stdout).toContain(`${line}\n`);
    }
    expect(paths.stdout).toContain(`✖ Folder    AGENTS_DIR: the folder ${folder}/nowhere does not exist.`);
    expect(paths.stdout).toContain(`✖ Folder    DOCS_DIR: ${folder}/text.db is not a folder.`);
    expect(own.stdout).toContain('text.db cannot be used: file is not a database\n            → Restore a back-up');
    expect(own.stdout).toMatch(
      /✖ Provider {2}127\.0\.0\.1:\d+ refuses the key \(401\)\.\n +→ Correct OPENAI_API_KEY\./,
    );
    expect(own.stdout).toMatch(
      /✖ Clock {5}The clock is 3[56]\d\d s ahead of that of 127\.0\.0\.1:\d+\.\n +→ Set the clocks by NTP/,
    );
    expect(settings).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/✖ Settings {2}The settings are not valid:\n- PORT/),
    });
    for (const { stdout, stderr } of [other, own, settings]) expect(stdout + stderr).not.toContain('hunter2');
  });

  (hasPostgres ? describeRedis : describe.skip)('with PostgreSQL and Redis', () => {
    it('compares the clocks', async () => {
      const database = await postgres.create('doctor');
      const redis = new Replicas();
      const settings = { DATABASE_URL: database.databaseUrl, REDIS_URL: redis.url };
      const { exitCode, stdout } = await rookeryWith(settings, 'doctor');
      await redis.remove();
      await database.drop();
      expect(stdout).toMatch(/✔ Database {2}PostgreSQL .*\n✔ Redis {5}.*/);
      expect(stdout).toMatch(/✔ Clock {5}20.*Z, as at (PostgreSQL|Redis)\./);
      expect(exitCode).toBe(0);
    });
  });
});

describe('the terminal of rookery chat', () => {
  it('reads its input only once it asks', async () => {
    const input = new PassThrough();
    input.end('yes\n');
    const terminal = new Terminal(input);
    expect(input.readableFlowing).toBeNull();
    expect(await terminal.ask('')).toBe('yes');
    terminal.close();
  });
});

describe('the changes of a folder', () => {
  it('are not lost before somebody waits for them', async () => {
    const stopped = new AbortController();
    const watched = await mkdtemp(join(folder, 'changes-'));
    const changes = changesOf(watched, stopped.signal)[Symbol.asyncIterator]();
    for (const name of ['dist', '.hidden', 'a.ts']) await writeFile(join(watched, name), '');
    expect(await changes.next()).toEqual({ done: false, value: undefined });
    stopped.abort();
    expect(await changes.next()).toEqual({ done: true, value: undefined });
  });
});

describe('rookery dev', () => {
  let dev: ChildProcess;
  let output = '';

  afterAll(async () => {
    dev.kill('SIGTERM');
    await once(dev, 'exit');
  });

  it('serves the agents, reads .env.local, and serves them again after a change', async () => {
    const file = 'AGENT_MODEL=of-the-file\nOPENAI_BASE_URL=http://127.0.0.1:1/v1\nALLOW_UNAUTHENTICATED=true\nPORT=1\n';
    await writeFile(join(folder, '.env.local'), file);
    const env = {
      ...CHILD_ENVIRONMENT,
      PORT: '0',
      DATABASE_URL: `file:${folder}/dev.db`,
      AGENT_MODEL: 'of-the-environment',
    };
    dev = spawn(process.execPath, [COMMAND, 'dev'], { cwd: folder, env });
    for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('it listens', () => output.includes('Ctrl+C stops'), LIMIT_MS);
    expect(output).toContain(
      'Settings from .env.local: OPENAI_BASE_URL. The environment overrides AGENT_MODEL, PORT\n',
    );
    expect(output).toContain('ALLOW_UNAUTHENTICATED is not read from .env.local. Set it in the environment.\n');
    expect(output).toContain('of-the-environment at 127.0.0.1:1');

    const path = join(agents, 'weather.agent.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\n@`);
    await until('it waits', () => output.includes('Waiting for a change of agents.'), LIMIT_MS);
    await writeFile(path, text.replace("role: 'weather'", "role: 'assistant'"));
    await until('it says why', () => output.includes('role "assistant" is that of'), LIMIT_MS);
    await until('it waits', () => output.includes('The service has ended. Waiting for a change of agents.'), LIMIT_MS);
    await writeFile(path, text.replace("'weather'", "'climate'"));
    await until('it listens again', () => /climate[^]*Ctrl\+C stops/.test(output), LIMIT_MS);
  });
});
