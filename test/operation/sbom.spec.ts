import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { object, objects, parseObject, string } from '../support/json.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const print = async (): Promise<string> =>
  (await run(process.execPath, [join(ROOT, '.ci/sbom.mjs')], { maxBuffer: 64 * 1024 * 1024 })).stdout;

const [first, second, manifest] = await Promise.all([print(), print(), readFile(join(ROOT, 'package.json'), 'utf8')]);
const bom = parseObject(first);
const names = objects(bom.components).map(({ name }) => string(name));

describe('npm run sbom', () => {
  it('prints CycloneDX about the service', () => {
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { type: 'application', name: 'rookery' } },
    });
  });

  it('lists each production dependency with a hash, and no other one', () => {
    const { dependencies, optionalDependencies } = parseObject(manifest);
    const others = new Set(['jest', 'typescript', 'prettier', 'esbuild', ...Object.keys(object(optionalDependencies))]);

    expect(names).toEqual(expect.arrayContaining(Object.keys(object(dependencies))));
    expect(names.filter((name) => others.has(name))).toEqual([]);
    expect(objects(bom.components).filter(({ hashes }) => objects(hashes).length === 0)).toEqual([]);
  });

  it('names a listed package in each dependency', () => {
    const refs = new Set(
      [...objects(bom.components), object(object(bom.metadata).component)].map((each) => each['bom-ref']),
    );
    const edges = objects(bom.dependencies).flatMap(({ ref, dependsOn }) => [ref, dependsOn].flat());

    expect(edges.length).toBeGreaterThan(names.length);
    expect(edges.filter((ref) => !refs.has(ref))).toEqual([]);
  });

  it('depends on the lockfile alone', () => {
    expect(second).toBe(first);
    expect(bom).not.toHaveProperty('serialNumber');
    expect(object(bom.metadata)).not.toHaveProperty('timestamp');
    for (const trace of [ROOT, `"${basename(ROOT)}"`, `"${hostname()}"`, `/${userInfo().username}/`]) {
      if (trace !== '"rookery"') expect(first).not.toContain(trace);
    }
  });
});
