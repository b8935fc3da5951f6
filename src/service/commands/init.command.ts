import { readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../../errors/make.folder.js';
import { pathFault } from '../../errors/path.fault.js';
import { agentSource, testSource } from '../../cli/agent.templates.js';
import { asCalled, failureReason, writeLine } from '../command.line.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Writes a folder with one agent, its tool and its test.
 *
 * @throws Error if the folder has files already, or cannot be created.
 */
export async function initFolder(folder: string): Promise<void> {
  const existing = await readdir(folder).catch((cause: unknown) => noFiles(cause, folder));
  if (existing.length > 0) throw new Error(`${folder} has files already. Name a new folder.`);
  create(folder);
  const files = {
    'package.json': json({ private: true, type: 'module' }),
    'tsconfig.json': json(compilerOptions(folder)),
    'weather.agent.ts': agentSource('weather'),
    'weather.agent.test.ts': testSource('weather', 'node'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { flag: 'wx' });
  writeLine(
    process.stdout,
    asCalled(`${folder} has the agent "weather". Next:
  npm run rookery -- test ${folder}
  npm run rookery -- dev ${folder}`),
  );
}

/** A folder that does not exist has no files. @throws Error if it is something else. */
function noFiles(cause: unknown, folder: string): [] {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
  throw new Error(`No agents: ${pathFault('folder', folder, cause)}. Name a new folder.`, { cause });
}

function create(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new Error(`No agents: ${failureReason(cause)}. Name a new folder.`, { cause });
  }
}

/** For editors: the types of Rookery are those of this installation. */
function compilerOptions(folder: string): object {
  const root = relative(resolve(folder), ROOT).split(sep).join('/') || '.';
  const [types, packages] = [`${root}/dist`, `${root}/node_modules`];
  return {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      types: ['node'],
      typeRoots: [`${packages}/@types`],
      paths: {
        rookery: [`${types}/index.d.ts`],
        'rookery/testing': [`${types}/testing/index.d.ts`],
        '@nestjs/*': [`${packages}/@nestjs/*`],
        'class-validator': [`${packages}/class-validator/types/index.d.ts`],
      },
    },
    exclude: ['dist'],
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
