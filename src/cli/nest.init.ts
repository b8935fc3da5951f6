import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedManifest, missingPeers } from './checks/packages.check.js';
import { pathFault } from '../errors/path.fault.js';
import { agentSource, testSource } from './agent.templates.js';
import { type Manifest, parseManifest } from './manifest.js';

const FOLDER = 'src/agents';
const ROOT_MODULE = 'src/app.module.ts';
const IMPORT = "import { AgentsModule } from './agents/agents.module.js';";
const MODULE = `import { Module } from '@nestjs/common';
import { AgentModule } from 'rookery';
import { WeatherAgent } from './weather.agent.js';

@Module({
  // Without a provider the offline model answers. Give it \`model: { apiKey }\`, or a \`baseUrl\`.
  imports: [AgentModule.forRoot({})],
  providers: [WeatherAgent],
})
export class AgentsModule {}
`;
/** The default database, as a line of `.gitignore`. */
const DATA = '/data';
/** Packages that the written files import. */
const IMPORTED = ['class-validator'];
const IMPORTED_BY_TESTS = ['@nestjs/testing'];

/**
 * Adds a module with an agent, its tool and its test to a Nest application. Imports it in the root module.
 *
 * @param folder the folder of the application.
 * @returns what was done, and what to do next.
 * @throws Error that lists all that the application lacks, before anything is written.
 */
export async function initNest(folder: string): Promise<string> {
  const manifest = await manifestIn(folder);
  const faults = [...manifestFaults(manifest), ...(await compilerFaults(folder))];
  const files = {
    'agents.module.ts': MODULE,
    'weather.agent.ts': agentSource('assistant'),
    'weather.agent.spec.ts': testSource('assistant', 'global'),
  };
  for (const name of Object.keys(files)) {
    if (existsSync(join(folder, FOLDER, name))) faults.push(`${FOLDER}/${name} exists already: move it`);
  }
  if (faults.length > 0) throw new Error(`Nothing was written:\n- ${faults.join('\n- ')}`);
  await mkdir(join(folder, FOLDER), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, FOLDER, name), text, { flag: 'wx' });
  }
  const isImported = await importModule(join(folder, ROOT_MODULE));
  await ignoreData(join(folder, '.gitignore'));
  return nextSteps(folder, manifest, isImported);
}

async function manifestIn(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch((cause: unknown) => {
    const hint = 'Name the folder of your application: rookery init --nest FOLDER';
    throw new Error(`No application: ${pathFault('file', join(folder, 'package.json'), cause)}. ${hint}`, { cause });
  });
  return parseManifest(text);
}

function manifestFaults({ packages, type }: Manifest): string[] {
  const faults: string[] = [];
  const nest = packages.get('@nestjs/core');
  if (nest === undefined) faults.push('package.json has no @nestjs/core: make an application with npx @nestjs/cli new');
  else if (/^[\^~]?([0-9]|1[01])\./.test(nest)) {
    faults.push(`Nest ${nest} is too old: npm install @nestjs/common@12 @nestjs/core@12`);
  }
  if (type !== 'module') faults.push('package.json needs "type": "module": Nest 12 has ES modules only');
  return faults;
}

async function compilerFaults(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'tsconfig.json'), 'utf8').catch(() => '');
  if (text === '') return ['there is no tsconfig.json that can be read: the application must be in TypeScript'];
  return ['experimentalDecorators', 'emitDecoratorMetadata'].flatMap((option) =>
    new RegExp(`"${option}"\\s*:\\s*true`).test(text) ? [] : [`tsconfig.json needs "${option}": true`],
  );
}

/** Imports the module in the root module, if that has the usual form. @returns whether it did. */
async function importModule(path: string): Promise<boolean> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  const changed = withImport(text);
  if (changed === undefined) return false;
  await writeFile(path, changed);
  return true;
}

function withImport(text: string): string | undefined {
  const decorators = text.match(/@Module\(\{/g) ?? [];
  if (decorators.length !== 1 || text.includes('AgentsModule')) return undefined;
  const lists = text.match(/\bimports\s*:\s*\[/g) ?? [];
  // It may be in a comment, or have another value than a list.
  const named = text.match(/\bimports\b/g) ?? [];
  if (lists.length > 1 || named.length > lists.length) return undefined;
  const listed =
    lists.length === 1
      ? text.replace(/(\bimports\s*:\s*\[)(\s*)(\])?/, (_, begin: string, space: string, end?: string) =>
          end === undefined ? `${begin}${space}AgentsModule,${space || ' '}` : `${begin}AgentsModule]`,
        )
      : text.replace('@Module({', '@Module({\n  imports: [AgentsModule],');
  const lastImport = [...listed.matchAll(/^import [^;]*;$/gm)].at(-1);
  const end = lastImport === undefined ? 0 : lastImport.index + lastImport[0].length;
  return `${listed.slice(0, end)}${end === 0 ? '' : '\n'}${IMPORT}${end === 0 ? '\n' : ''}${listed.slice(end)}`;
}

/** Keeps the database out of a repository. Changes nothing without a `.gitignore`, or if the folder is in it. */
async function ignoreData(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const text = await readFile(path, 'utf8');
  if (/^\/?data\/?$/m.test(text)) return;
  await writeFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${DATA}\n`);
}

function nextSteps(folder: string, { packages }: Manifest, isImported: boolean): string {
  const rookery = installedManifest(folder);
  const peers = rookery === undefined ? [] : missingPeers(folder, rookery);
  const unlisted = (names: readonly string[]): string[] => names.filter((name) => !packages.has(name));
  const needed = [...new Set([...unlisted(IMPORTED), ...peers])].join(' ');
  const forTests = unlisted(IMPORTED_BY_TESTS).join(' ');
  return [
    `${FOLDER} has the agent "assistant" with a tool, its module and its test.`,
    isImported ? `${ROOT_MODULE} imports the module.` : `Import it in your root module: ${IMPORT}`,
    'Next:',
    ...(rookery === undefined ? ['  Install Rookery: `npm run pack` in its clone makes rookery-….tgz'] : []),
    ...(needed === '' ? [] : [`  npm install ${needed}`]),
    ...(forTests === '' ? [] : [`  npm install --save-dev ${forTests}`]),
    '  npm test',
    '  npm start',
  ].join('\n');
}
