import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { object, parseObject, string, type Json } from '../json.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  isolatedModules: true,
};
/** The types of Nest's adapter need those of Express, a separate package. */
const OF_EXPRESS = /^\S*platform-express\/.*\n(?: .*\n)*/gm;
const STOP_LIMIT_MS = 60_000;

const run = promisify(execFile);

/** The result of `npm run pack`, and the applications that install it. */
export class Package {
  /** The manifest in the package. */
  manifest: Json = {};
  private readonly children: ChildProcess[] = [];

  private constructor(readonly folder: string) {}

  static async pack(): Promise<Package> {
    const made = new Package(await mkdtemp(join(tmpdir(), 'rookery-package-')));
    // Without the scripts of npm, because they would rebuild a stale build under other tests.
    await run(process.execPath, ['.ci/pack.mjs', '--pack-destination', made.folder], { cwd: ROOT });
    await mkdir(made.path('unpacked'));
    const { version } = parseObject(await readFile(join(ROOT, 'package.json'), 'utf8'));
    await run('tar', ['xzf', made.path(`rookery-${string(version)}.tgz`), '-C', made.path('unpacked')]);
    made.manifest = parseObject(await readFile(made.path('unpacked/package/package.json'), 'utf8'));
    await made.link('@types', '.');
    await writeFile(made.path('package.json'), JSON.stringify({ type: 'module' }));
    return made;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Returns the names under that field of the manifest. */
  names(field: string): string[] {
    return Object.keys(object(this.manifest[field]));
  }

  /** Returns the packages that a host must have. */
  required(): string[] {
    const optional = this.names('peerDependenciesMeta');
    return [...this.names('dependencies'), ...this.names('peerDependencies')].filter(
      (name) => !optional.includes(name),
    );
  }

  /** Writes an application with the package, its required packages, and the application's own. */
  async install(app: string, own: readonly string[], sources: readonly string[]): Promise<void> {
    await cp(this.path('unpacked/package'), this.path(app, 'node_modules/rookery'), { recursive: true });
    for (const name of [...this.required(), ...own]) await this.link(name, app);
    await this.write(app, sources);
  }

  /** Writes an application with only the package and the given ones. */
  async installAlone(app: string, own: readonly string[], sources: readonly string[] = []): Promise<void> {
    await cp(this.path('unpacked/package'), this.path(app, 'node_modules/rookery'), { recursive: true });
    for (const name of own) await this.link(name, app);
    await this.write(app, sources);
  }

  /** Returns the compiler's output for all applications and our types, in one run. */
  async compile(): Promise<string> {
    await writeFile(
      this.path('tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*/*.ts'] }),
    );
    const compiler = join(ROOT, 'node_modules/typescript-7/bin/tsc');
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, [compiler], { cwd: this.folder }, (_, output, errors) => resolve(output + errors));
    });
    return said.replace(OF_EXPRESS, '');
  }

  /** Runs a file of an application and returns its first line. */
  async start(app: string, file: string): Promise<Json> {
    const options = { cwd: this.path(app), env: { PATH: process.env.PATH } };
    const child = spawn(process.execPath, [file], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
    this.children.push(child);
    const [said]: unknown[] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    return parseObject(String(said));
  }

  /** Runs a module of an application and returns its output. */
  async evaluate(app: string, code: string): Promise<string> {
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: this.path(app),
    });
    return stdout + stderr;
  }

  async remove(): Promise<void> {
    for (const child of this.children) {
      if (child.exitCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async write(app: string, sources: readonly string[]): Promise<void> {
    for (const name of sources) await copyFile(join(ROOT, 'test/hosts', name), this.path(app, name));
  }

  private async link(name: string, app: string): Promise<void> {
    const link = this.path(app, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
}
