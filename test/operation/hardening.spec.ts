import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { object, type Json } from '../support/json.js';
import { freePort } from '../support/servers/free.port.js';
import { answers, REDIS_SERVER } from '../support/servers/own.redis.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const [dockerfile, compose] = await Promise.all(
  ['Dockerfile', 'compose.yaml'].map((name) => readFile(join(ROOT, name), 'utf8')),
);
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
