import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { object, parseObject, string, type Json } from '../support/json.js';
import { LoopbackServer } from '../support/servers/loopback.server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const lock = parseObject(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
const rookery = parseObject(await readFile(join(ROOT, 'package.json'), 'utf8'));
const guide = await readFile(join(ROOT, 'docs/agents.md'), 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'rookery-workspace-'));

/** A registry with the packages that Rookery has installed, in these versions. It has no files, only manifests. */
class Registry extends LoopbackServer {
  readonly #manifests = packuments();

  protected answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const manifest = this.#manifests.get(decodeURIComponent(url.slice(1)));
    response.writeHead(manifest === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(manifest ?? {}));
  }
}

const registry = await new Registry().listen();

afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

describe('Rookery as a workspace of npm', () => {
  it('installs with the overrides of the guide, and shares the one copy of Nest', async () => {
    const [, manifest = ''] = /```json\n(\{[^`]*"workspaces"[^`]*\})\n```/.exec(guide) ?? [];

    // npm reads `$typescript` as the version of Rookery's own dependency.
    const own = JSON.stringify(rookery['overrides']).replace(
      '$typescript',
      string(object(rookery['devDependencies'])['typescript']),
    );
    expect(parseObject(manifest)).toMatchObject({ overrides: parseObject(own) });

    const installed = await install(manifest);

    expect(installed.errors).toBe('');
    expect(installed.packages.filter((path) => path.endsWith('node_modules/@nestjs/core'))).toEqual([
      'node_modules/@nestjs/core',
    ]);
    expect(installed.packages).toEqual(expect.arrayContaining(['node_modules/rookery', 'node_modules/orders']));
  });
});

/** Has npm choose the packages of a repository with two workspaces. Returns the paths that it chose. */
async function install(manifest: string): Promise<{ errors: string; packages: string[] }> {
  const root = await mkdtemp(join(folder, 'repository-'));
  const orders = {
    name: 'orders',
    version: '1.0.0',
    dependencies: { rookery: '*', '@nestjs/common': '^12.0.1', '@nestjs/core': '^12.0.1' },
  };
  await mkdir(join(root, 'rookery'));
  await mkdir(join(root, 'orders'));
  await writeFile(join(root, 'package.json'), manifest);
  await copyFile(join(ROOT, 'package.json'), join(root, 'rookery/package.json'));
  await writeFile(join(root, 'orders/package.json'), JSON.stringify(orders));
  const args = [
    'install',
    '--package-lock-only',
    '--registry',
    registry.origin,
    '--cache',
    join(folder, 'cache'),
    '--no-audit',
  ];
  const env = { PATH: process.env['PATH'], HOME: folder };
  const { stderr } = await run('npm', [...args, '--loglevel=error'], { cwd: root, env }).catch(
    (failure: { stderr: string }) => failure,
  );
  const chosen = await readFile(join(root, 'package-lock.json'), 'utf8').catch(() => '{"packages":{}}');
  return { errors: stderr, packages: Object.keys(object(parseObject(chosen)['packages'])) };
}

function packuments(): Map<string, Json> {
  const all = new Map<string, { name: string; versions: Json }>();
  for (const [path, entry] of Object.entries(object(lock['packages']))) {
    const { version, ...rest } = object(entry);
    if (path === '' || version === undefined) continue;
    const name = typeof rest['name'] === 'string' ? rest['name'] : path.slice(path.lastIndexOf('node_modules/') + 13);
    const known = all.get(name) ?? { name, versions: {} };
    const dist = { tarball: `http://127.0.0.1/${name}-${string(version)}.tgz`, integrity: rest['integrity'] };
    all.set(name, { name, versions: { ...known.versions, [string(version)]: { ...rest, name, version, dist } } });
  }
  return new Map(
    Array.from(all, ([name, { versions }]) => {
      const latest = Object.keys(versions)
        .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
        .at(-1);
      return [name, { name, versions, 'dist-tags': { latest } }];
    }),
  );
}
