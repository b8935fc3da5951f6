import { execFile, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { readEnvironment } from '../../src/service/settings/environment.reader.js';
import { SECRETS } from '../../src/service/settings/secret.settings.js';
import { object, type Json } from '../support/json.js';
import { freePort } from '../support/servers/free.port.js';
import { answers, REDIS_SERVER } from '../support/servers/own.redis.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = ['Dockerfile', 'compose.yaml', 'compose.secrets.yaml'];
const [dockerfile, compose, withSecrets] = await Promise.all(FILES.map((name) => readFile(join(ROOT, name), 'utf8')));
const services: Record<string, Json> = Object.fromEntries(
  Object.entries(object(object(parse(compose ?? '', { merge: true })).services)).map(([name, each]) => [
    name,
    object(each),
  ]),
);

describe('the image', () => {
  it('is built without scripts of packages', () => {
    const installs = Array.from((dockerfile ?? '').matchAll(/^RUN npm ci(.*)$/gm), ([, given]) => given);

    expect(installs).toEqual([
      expect.stringContaining('--ignore-scripts'),
      expect.stringContaining('--ignore-scripts'),
    ]);
  });

  it('has no package manager, and data that only its user reads', () => {
    expect(dockerfile).toMatch(/rm -rf \/usr\/local\/lib\/node_modules .*\/npm .*\/npx .*\/corepack /);
    expect(dockerfile).toContain('mkdir -m 700 /data');
  });
});

describe('the command of the image', () => {
  it('is that of a clone, in texts too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-bin-'));
    try {
      const [, written = 'exit 9'] =
        /^RUN (printf .* > \/usr\/local\/bin\/rookery && .*)$/m.exec(dockerfile ?? '') ?? [];
      const script = written.replaceAll('/usr/local/bin', folder).replace('/app/', ROOT);
      expect(await ended('sh', ['-c', script], {})).toBe(0);
      const [, variable = '', value = ''] = /^ENV (ROOKERY_COMMAND)=(\w+)$/m.exec(dockerfile ?? '') ?? [];
      const env = { PATH: `${folder}:${dirname(process.execPath)}:/bin:/usr/bin`, [variable]: value };
      const { stdout } = await promisify(execFile)('rookery', ['keys', '--help'], { env });
      expect(stdout).toContain('  rookery keys create --name NAME');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('belongs to an image with the labels of OCI', () => {
    const names = Array.from((dockerfile ?? '').matchAll(/org\.opencontainers\.image\.([\w.]+)=/g), ([, name]) => name);
    expect(names).toEqual(['title', 'description', 'licenses', 'version', 'revision', 'source', 'base.name']);
  });
});

describe('a release of the image', () => {
  const script = (/^RUN (case "\$RELEASE[^]+?\n {2}esac)$/m.exec(dockerfile ?? '')?.[1] ?? 'exit 9').replaceAll(
    '\\\n',
    '\n',
  );
  const DIGEST = `sha256:${'0a'.repeat(32)}`;

  it.each([
    ['false', 'node:24.21.0-slim', 0],
    ['true', `node:24.21.0-slim@${DIGEST}`, 0],
    ['true', 'node:24.21.0-slim', 1],
  ])('with RELEASE=%s builds on %s: %d', async (RELEASE, NODE_IMAGE, code) => {
    expect(await ended('sh', ['-c', script], { env: { RELEASE, NODE_IMAGE } })).toBe(code);
  });

  it('has digests of all images once `npm run pin` has asked Docker', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-pin-'));
    try {
      for (const name of FILES) await copyFile(join(ROOT, name), join(folder, name));
      // Without a tag, from a registry with a port, and with a digest that is none.
      const others = ['caddy', 'registry.example.com:5000/Mine/x_y:1', 'caddy:2@sha256:0a'];
      await appendFile(join(folder, 'compose.yaml'), others.map((image) => `  image: ${image}\n`).join(''));
      // It answers as Docker does, for any image.
      await writeFile(join(folder, 'docker'), `#!/bin/sh\necho ${DIGEST}\n`, { mode: 0o755 });
      const PATH = `${folder}:${process.env['PATH']}`;
      const pin = (...words: string[]) =>
        ended(process.execPath, [join(ROOT, '.ci/pin.mjs'), ...words], { cwd: folder, env: { PATH } });
      expect(await pin('--check')).toBe(1);
      expect(await pin()).toBe(0);
      expect(await pin('--check')).toBe(0);
      const images: string[] = [];
      for (const name of FILES) {
        const text = await readFile(join(folder, name), 'utf8');
        images.push(...Array.from(text.matchAll(/^(?:ARG NODE_IMAGE=| +image: )(.+)$/gm), ([, image = '']) => image));
      }
      expect(images.length).toBeGreaterThan(6);
      const own = /^rookery:/;
      expect(
        images.filter((image) => !own.test(image) && !(image.endsWith(`@${DIGEST}`) && image.split('@').length === 2)),
      ).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('compose.secrets.yaml', () => {
  const all = object(parse(withSecrets ?? '', { merge: true }));
  const replica = object(object(all.services)['rookery']);
  const variables = Object.entries(object(replica.environment)).map(([name, value]) => [name, String(value)] as const);
  const files = variables.filter(([name]) => name.endsWith('_FILE'));

  it('reads each secret from a file that Docker mounts', () => {
    expect(files.length).toBeGreaterThan(2);
    for (const [name, path] of files) {
      expect(SECRETS).toContain(name.replace(/_FILE$/, ''));
      const secret = path.replace('/run/secrets/', '');
      expect(replica.secrets).toContain(secret);
      expect(object(all.secrets)[secret]).toEqual({ file: `./secrets/${secret}` });
    }
    expect(variables.filter(([name, value]) => SECRETS.has(name) && value !== '')).toEqual([]);
    for (const each of Object.values(object(all.services))) {
      expect(each).toMatchObject({ read_only: true, cap_drop: ['ALL'], pids_limit: expect.any(Number) });
    }
  });

  it('has valid settings, also beside those of the image', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-secrets-'));
    try {
      const contents: Record<string, string> = {
        DATABASE_URL_FILE: 'postgres://rookery:hunter2@postgres:5432/rookery\n',
        OPENAI_API_KEY_FILE: 'sk-1\n',
        WEBHOOK_SECRET_FILE: `whsec_${Buffer.alloc(32).toString('base64')}\n`,
      };
      const written = files.map(async ([name]) => {
        await writeFile(join(folder, name), contents[name] ?? '');
        return [name, join(folder, name)] as const;
      });
      const [, ofImage = ''] = /^ENV NODE_ENV=production \\\n +(DATABASE_URL=\S+)$/m.exec(dockerfile ?? '') ?? [];
      const environment = readEnvironment({
        ...Object.fromEntries([ofImage.split('=')]),
        ...Object.fromEntries(variables),
        ...Object.fromEntries(await Promise.all(written)),
      });
      expect(environment.DATABASE_URL).toBe(contents['DATABASE_URL_FILE']?.trim());
      expect(environment.OPENAI_API_KEY).toBe('sk-1');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('compose.yaml', () => {
  it('lets no container gain rights, write its files, or start processes without a bound', () => {
    const hardened = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };

    expect(Object.keys(services).length).toBeGreaterThan(4);
    for (const each of Object.values(services)) {
      expect(each).toMatchObject({ ...hardened, pids_limit: expect.any(Number) });
    }
  });

  it('passes no password as an argument', () => {
    const commands = JSON.stringify(Object.values(services).map(({ command, entrypoint }) => [command, entrypoint]));

    expect(commands).not.toMatch(/PASSWORD|--requirepass/);
  });
});

(existsSync(REDIS_SERVER) ? describe : describe.skip)('the command of Valkey', () => {
  it('requires the password, and hides it from other users', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-valkey-'));
    const port = await freePort();
    const command = services['valkey']?.command;
    const [, , script = ''] = Array.isArray(command) ? command.map(String) : [];
    const place = `--port ${port} --bind 127.0.0.1 --dir ${folder}`;
    const local = script.replaceAll('$$', '$').replace('valkey-server -', `${REDIS_SERVER} - ${place}`);
    const env = { PATH: process.env['PATH'], REDISCLI_AUTH: 'hunter2' };
    const child = spawn('sh', ['-c', local], { env, stdio: 'ignore' });
    const client = new Redis({ port, password: 'hunter2', lazyConnect: true });
    const stranger = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
    try {
      stranger.on('error', () => undefined);
      await until('it answers', () => answers(port));
      expect(await client.ping()).toBe('PONG');
      await expect(stranger.ping()).rejects.toThrow('NOAUTH');
      const shown = await readFile(`/proc/${child.pid}/cmdline`, 'utf8');
      expect(shown).toContain(REDIS_SERVER);
      expect(shown).not.toContain('hunter2');
    } finally {
      client.disconnect();
      stranger.disconnect();
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** The exit code of a program. */
async function ended(file: string, words: readonly string[], options: SpawnOptions): Promise<number> {
  const child = spawn(file, words, { ...options, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return Number(code);
}
