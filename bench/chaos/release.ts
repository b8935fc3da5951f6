import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '../report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = 'package-lock.json';

/** The application of another commit, built in a temporary folder. */
export interface BuiltRelease {
  /** The file that starts the application. */
  readonly app: string;
  remove(): void;
}

/**
 * Builds the application as it was at a commit. It uses the packages of this checkout.
 *
 * @param ref a commit, branch or tag.
 * @throws Error if the commit does not exist or cannot be built.
 */
export function buildRelease(ref: string): BuiltRelease {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-release-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const archive = join(folder, 'release.tar');
  execute('git', ['archive', '--format=tar', '--output', archive, ref], ROOT);
  execute('tar', ['-xf', archive, '-C', folder], ROOT);
  if (readFileSync(join(folder, LOCK), 'utf8') !== readFileSync(join(ROOT, LOCK), 'utf8')) {
    print(`  ${ref} has another ${LOCK}; it runs with the packages of this checkout`);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  execute(process.execPath, [join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], folder);
  return { app: join(folder, 'bench', 'chaos', 'app.mjs'), remove };
}

function execute(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
