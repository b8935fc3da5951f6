import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chat } from '../support/clients/client.js';
import { CHILD_ENVIRONMENT, removeServices, startService } from '../support/service/service.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'dist/app/main.rookery.js');
const COMPILER = join(ROOT, 'node_modules/typescript-7/bin/tsc');
const LIMIT_MS = 30_000;
const execute = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'rookery-command-'));
const agents = join(folder, 'agents');

afterAll(async () => {
  await removeServices();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command in the folder. */
async function rookery(...args: readonly string[]) {
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
    const written = await rookery('init');
    expect(written).toMatchObject({ exitCode: 0, stderr: '' });
    expect(written.stdout).toContain('npm run rookery -- test agents');
    expect(await execute(process.execPath, [COMPILER, '-p', agents])).toMatchObject({ stdout: '' });

    const tested = await rookery('test');
    expect(tested.stdout).toMatch(/✔ the agent asks its tool/);
    expect(tested.exitCode).toBe(0);
    const built = await rookery('build', 'agents');
    expect(built.stdout).toBe('Compiled 2 files. Serve them with AGENTS_DIR=agents/dist\n');

    const service = await startService({ AGENTS_DIR: join(agents, 'dist') });
    const { status, body } = await chat(service, { message: 'Hello', agent_role: 'weather' });
    expect([status, body.model]).toEqual([200, 'offline']);
  });

  it('fails if a test fails, and names the line in TypeScript', async () => {
    const path = join(agents, 'weather.agent.test.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace("'Take a hat.');\n  assert", "'Take a coat.');\n  assert"));
    const { exitCode, stdout } = await rookery('test');
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
  });

  it.each([
    [['build', 'nowhere'], 'nowhere cannot be read. Create it: npm run rookery -- init nowhere'],
    [['biuld'], "error: unknown command 'biuld'\n(Did you mean build?)"],
    [['build', 'a', 'b'], "error: too many arguments for 'build'"],
    [['test', '.'], '. has no test. Name one weather.test.ts, for example.'],
  ])('explains why it cannot %p', async (args, message) => {
    const empty = args[0] === 'test' ? await mkdtemp(join(folder, 'empty-')) : '';
    const { exitCode, stderr } = await rookery(...args.map((each) => (each === '.' ? empty : each)));
    expect(exitCode).toBe(1);
    expect(stderr.replace(empty || '\0', '.')).toContain(message);
  });

  it('passes the arguments on to keys and audit, and prints its version', async () => {
    const created = await rookery('keys', 'create', '--name', 'x', '--tenant', 'acme', '--scopes', 'chat');
    expect(created.stdout).toContain('The key is shown only once');
    expect((await rookery('keys', '--help')).stdout).toContain('keys -- rotate ID');
    expect((await rookery('audit', '--help')).stdout).toContain('Usage');
    expect((await rookery('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
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
    expect(output).toContain('Settings from .env.local: AGENT_MODEL, OPENAI_BASE_URL, PORT\n');
    expect(output).toContain('ALLOW_UNAUTHENTICATED is not read from .env.local. Set it in the environment.\n');
    expect(output).toContain('of-the-environment at 127.0.0.1:1');

    const path = join(agents, 'weather.agent.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\n@`);
    await until('it waits', () => output.includes('Waiting for a change of agents.'), LIMIT_MS);
    await writeFile(path, text.replace("'weather'", "'climate'"));
    await until('it listens again', () => /climate[^]*Ctrl\+C stops/.test(output), LIMIT_MS);
  });
});
