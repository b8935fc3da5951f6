import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chat, send } from '../support/clients/client.js';
import { openStream } from '../support/clients/sse.js';
import { CHILD_ENVIRONMENT } from '../support/service/child.environment.js';
import {
  removeServices,
  startService,
  startToFail,
  startPairProcess,
  startProcess,
} from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPT = '/usr/bin/script';
const folder = mkdtempSync(join(tmpdir(), 'rookery-start-'));

afterAll(async () => {
  await removeServices();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a command until it ends, or until its output contains `last`; then it gets SIGTERM. */
async function execute(
  command: string,
  args: string[],
  settings: Record<string, string> = {},
  last?: string,
): Promise<Ended> {
  const env = { ...CHILD_ENVIRONMENT, PORT: '0', DATABASE_URL: `file:${join(folder, 'start.db')}`, ...settings };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (last !== undefined) {
    await until('the last text', () => output.includes(last) || child.exitCode !== null);
    child.kill('SIGTERM');
  }
  return { exitCode: await ended, output };
}

const main = (name = 'main.js'): string => join(ROOT, 'dist/app', name);

describe('LOG_FORMAT', () => {
  it('pretty prints a summary and lines for people, and no secret', async () => {
    const settings = {
      LOG_FORMAT: 'pretty',
      OPENAI_API_KEY: 'sk-secret',
      OPENAI_BASE_URL: 'http://user:hunter2@127.0.0.1:9/v1?key=hunter2',
      OPENAI_KEY: 'sk-other',
    };
    const { output } = await execute(process.execPath, [main()], settings, ' listening ');
    expect(output).toMatch(/Rookery \d+\.\d+\.\d+\n/);
    expect(output).toMatch(
      /URL +http:\/\/127\.0\.0\.1:\d+\n +Studio +http:\/\/127\.0\.0\.1:\d+\/studio\n +Docs +http:\/\/127\.0\.0\.1:\d+\/docs\n/,
    );
    expect(output).toMatch(/Model +gpt-4o at 127\.0\.0\.1:9\n +Database +SQLite .*start\.db\n +Authentication +none/);
    expect(output).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}listening {2}url=http/m);
    expect(output).toMatch(/WARN {2}this variable is not a setting.*variable=OPENAI_KEY setting=OPENAI_API_KEY/);
    expect(output).not.toMatch(/hunter2|sk-secret|sk-other/);
  });

  const itOnTerminal = existsSync(SCRIPT) ? it : it.skip;

  itOnTerminal('is pretty on a terminal, with the offline model and how to replace it', async () => {
    const command = `exec ${process.execPath} ${main()}`;
    const { output } = await execute(SCRIPT, ['-qfec', command, '/dev/null'], {}, 'listening');
    expect(output).toMatch(/Model +offline model: set OPENAI_API_KEY/);
  });

  itOnTerminal('json prints JSON on a terminal too', async () => {
    const command = `exec ${process.execPath} ${main()}`;
    const { output } = await execute(SCRIPT, ['-qfec', command, '/dev/null'], { LOG_FORMAT: 'json' }, '"listening"');
    expect(output).not.toContain('Rookery');
    expect(output).toMatch(/^\{"level":"info".*"model":"offline".*"msg":"listening"\}/m);
  });

  it('is json without a terminal, with the facts of the start', async () => {
    const service = await startProcess({ AUTH_MODE: 'api-key' });
    expect(service.logs.find(({ msg }) => msg === 'listening')).toMatchObject({
      docs: `${service.url}/docs`,
      studio: `${service.url}/studio`,
      model: 'offline',
      database: expect.stringContaining('SQLite '),
      auth_mode: 'api-key',
    });
  });

  it('must be one of two', async () => {
    expect((await startToFail({ LOG_FORMAT: 'xml' })).output).toContain('LOG_FORMAT must be one of');
  });
});

describe('a start that fails', () => {
  it('says once what to do if the port or the host cannot be used', async () => {
    const first = await startService();
    const port = new URL(first.url).port;
    const [taken, foreign] = await Promise.all([
      startToFail({ PORT: port }),
      startToFail({ HOST: '192.0.2.1', ALLOW_UNAUTHENTICATED: 'true' }),
    ]);
    expect(taken.output.trim()).toBe(
      `Another program listens on 127.0.0.1:${port} (EADDRINUSE). Stop it, or set another PORT: PORT=${Number(port) + 1} npm start`,
    );
    expect(foreign.output.trim()).toBe('HOST=192.0.2.1 is not an address of this machine (EADDRNOTAVAIL).');
  });

  it('names the database file, the reason and the setting', async () => {
    const choice = 'choose another file by DATABASE_URL, or `databaseUrl` of AgentModule';
    for (const [file, reason] of [
      [folder, 'unable to open database file'],
      ['/proc/x/a.db', "ENOENT: no such file or directory, mkdir '/proc/x'"],
    ] as const) {
      const { output } = await startToFail({ DATABASE_URL: `file:${file}` });
      expect(output.trim()).toBe(`The database file ${file} cannot be opened: ${reason}. Mend that, or ${choice}.`);
    }
  });
});

describe('SIGTERM', () => {
  it('logs which runs it waits for, how long at most, and the end', async () => {
    const { service, upstream } = await startPairProcess('chat', { SHUTDOWN_TIMEOUT_SECONDS: '20' });
    const gate = new Gate();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const running = chat(service, { message: 'a chat' });
    const stream = await openStream(service, { message: 'a stream' });
    await stream.readTo('message.delta');
    await until('the chat has called the model', () => upstream.asked('a chat'));
    service.signal('SIGTERM');
    const line = await until('the wait is logged', () =>
      service.logs.find(({ msg }) => String(msg).startsWith('shutting')),
    );
    expect(line).toMatchObject({ chats: 1, streams: 1, tasks: 0, timeout_seconds: 20 });
    gate.open();
    await Promise.all([running, stream.rest(), service.exited]);
    expect(service.logs.at(-1)).toMatchObject({ msg: 'stopped', signal: 'SIGTERM' });
  });

  it('logs that no run is active', async () => {
    const service = await startProcess();
    await service.stop();
    expect(service.logs.map(({ msg }) => msg)).toContain('shutting down: no run is active');
  });
});

describe('each command', () => {
  it.each([
    [main(), /Usage:[^]*npm start/],
    [main('main.keys.js'), /Usage:[^]*keys -- create/],
    [main('main.audit.js'), /Usage:[^]*audit -- verify/],
    [join(ROOT, 'bench/run.ts'), /Usage: npm run bench/],
  ])('has --help and --version: %s', async (script, usage) => {
    const [help, version] = await Promise.all([
      execute(process.execPath, [script, '--help'], { DATABASE_URL: 'nonsense' }),
      execute(process.execPath, [script, '--version'], { DATABASE_URL: 'nonsense' }),
    ]);
    expect(help).toMatchObject({ exitCode: 0, output: expect.stringMatching(usage) });
    expect(version).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) });
  });

  it.each(['main.js', 'main.rookery.js'])('answers --help without the script of the service: %s', async (name) => {
    const alone = join(folder, `alone-${name}`);
    await mkdir(join(alone, 'dist/app'), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(alone, 'node_modules'));
    const files = [`dist/app/${name}`, 'package.json'];
    await Promise.all(files.map((file) => copyFile(join(ROOT, file), join(alone, file))));
    const help = await execute(process.execPath, [join(alone, 'dist/app', name), '--help']);
    expect(help).toMatchObject({ exitCode: 0, output: expect.stringContaining('Usage:') });
  });

  it('gets the arguments of npm start, and refuses unknown ones', async () => {
    const [help, unknown] = await Promise.all([
      // Without its script that installs and builds.
      execute('npm', ['start', '--silent', '--ignore-scripts', '--', '--help']),
      execute(process.execPath, [main(), '--colour']),
    ]);
    expect(help).toMatchObject({ exitCode: 0, output: expect.stringContaining('npm start -- --version') });
    expect(unknown).toMatchObject({ exitCode: 1, output: expect.stringContaining('Unexpected argument "--colour"') });
  });

  it('warns of a misspelt setting, so that keys do not land in another database', async () => {
    const { output } = await execute(process.execPath, [main('main.keys.js'), 'list'], {
      DATABSE_URL: 'file:other.db',
    });
    expect(output).toContain('DATABSE_URL is not a setting. Did you mean DATABASE_URL?');
  });
});

describe('a service without settings', () => {
  it('allows 600 requests a minute, and one with a proxy 60', async () => {
    const [own, proxied] = await Promise.all([
      startService({ RATE_LIMIT_REQUESTS: '' }),
      startService({ RATE_LIMIT_REQUESTS: '', TRUST_PROXY: '10.0.0.1' }),
    ]);
    const policies = [own, proxied].map(async (service) => (await send(service, 'GET /api/v1/agent/roles')).headers);
    const [ownHeaders, proxiedHeaders] = await Promise.all(policies);
    expect(ownHeaders?.['ratelimit-policy']).toContain('q=600;w=60');
    expect(proxiedHeaders?.['ratelimit-policy']).toContain('q=60;w=60');
  });

  it('says that admin routes need authentication', async () => {
    const service = await startService();
    const { status, body } = await send(service, 'GET /api/v1/admin/keys');
    expect(status).toBe(403);
    expect(body.detail).toMatch(/needs credentials.*AUTH_MODE/);
    expect(body.detail).not.toMatch(/admin|lack/);
  });
});
