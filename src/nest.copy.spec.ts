import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
/** Nest needs these beside itself. */
const OF_NEST = ['fast-safe-stringify', 'iterare', 'path-to-regexp', 'reflect-metadata', 'rxjs', 'tslib', 'uid'];
const PROGRAM = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AgentModule } from 'rookery';
class AppModule {}
Module({ imports: [AgentModule.forRoot({ http: false })] })(AppModule);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
await app.close();
console.log('started');
`;

const run = promisify(execFile);

/** Runs an application that has installed the folder of Rookery, as a link. */
async function start(copyNest: (from: string, to: string) => Promise<void>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rookery-copies-')));
  try {
    await mkdir(join(folder, 'node_modules/@nestjs'), { recursive: true });
    for (const name of ['common', 'core']) {
      await copyNest(join(MODULES, '@nestjs', name), join(folder, 'node_modules/@nestjs', name));
    }
    for (const name of OF_NEST) await symlink(join(MODULES, name), join(folder, 'node_modules', name));
    await symlink(ROOT, join(folder, 'node_modules/rookery'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'main.js'), PROGRAM);
    return await run(process.execPath, ['main.js'], { cwd: folder }).then(
      ({ stdout }) => stdout,
      ({ stderr }: { stderr: string }) => stderr.replaceAll(folder, '<application>'),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('an application that has installed the folder of Rookery', () => {
  it('learns that it has two copies of Nest, and what to install', async () => {
    expect(await start((from, to) => cp(from, to, { recursive: true }))).toContain(
      'There are two copies of Nest: the application uses <application>/node_modules/@nestjs/core, and Rookery uses',
    );
  });

  it('starts if both have the same copy', async () => {
    expect(await start((from, to) => symlink(from, to))).toBe('started\n');
  });
});
