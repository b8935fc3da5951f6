import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathFault } from '../../errors/path.fault.js';
import { asCalled } from '../command.line.js';
import { isOpen, openFault, openPlaces } from './open.places.js';

/** Each excludes names that start with a dot: they belong to editors and mounts. */
const AGENT = /^[^.].*\.ya?ml$/;
const MODULE = /^[^.].*(?<!\.(?:spec|test))\.m?js$/;
const TYPESCRIPT = /^[^.].*(?<!\.d)\.[cm]?ts$/;
const MAX_FILES = 1000;
const MAX_BYTES = 1024 * 1024;

/** A file with an agent. */
interface AgentText {
  readonly name: string;
  readonly text: string;
}

/** The files of a folder with agents. */
export interface AgentFiles {
  /** The folder without links. */
  readonly folder: string;
  readonly agents: readonly AgentText[];
  /** The names of the modules. */
  readonly modules: readonly string[];
  readonly faults: readonly string[];
  /** Whether others may write a part of it. Then no module may be loaded: loading one runs it. */
  readonly isOpen: boolean;
}

/** Reads the files of a folder, except hidden ones and those of folders in it. Adds a fault for each that it may not use. */
export async function readAgentFiles(directory: string): Promise<AgentFiles> {
  let folder: string;
  let names: string[];
  try {
    folder = await realpath(directory);
    names = (await readdir(folder)).toSorted();
  } catch (cause) {
    const fault = `${pathFault('folder', directory, cause)}. Create it, or correct AGENTS_DIR`;
    return { folder: directory, agents: [], modules: [], faults: [fault], isOpen: false };
  }
  const used = names.filter((name) => [AGENT, MODULE, TYPESCRIPT].some((kind) => kind.test(name)));
  const open = await openPlaces(folder, used);
  const faults = used.length > MAX_FILES ? [`there are more than ${MAX_FILES} files: remove those without agents`] : [];
  const agents: AgentText[] = [];
  const modules: string[] = [];
  for (const name of used.slice(0, MAX_FILES)) {
    const content = await readText(join(folder, name), name);
    if ('open' in content) open.push(`${name}: ${content.open}`);
    else if ('fault' in content) faults.push(`${name}: ${content.fault}`);
    else if (MODULE.test(name)) modules.push(name);
    else agents.push({ name, text: content.text });
  }
  return { folder, agents, modules, faults: [...open, ...faults], isOpen: open.length > 0 };
}

type TextReading = { readonly text: string } | { readonly fault: string } | { readonly open: string };

async function readText(path: string, name: string): Promise<TextReading> {
  if (TYPESCRIPT.test(name)) {
    const hint = 'compile it with `npm run rookery -- build`, and set AGENTS_DIR to the folder dist in it';
    return { fault: `it is TypeScript: ${asCalled(hint)}` };
  }
  try {
    if (await isOpen(path)) return { open: `it ${openFault(path)}` };
    const { size } = await stat(path);
    if (size > MAX_BYTES) return { fault: `it is larger than ${MAX_BYTES} bytes: shorten it` };
    return { text: await readFile(path, 'utf8') };
  } catch (cause) {
    return { fault: `it cannot be read: ${reasonOf(cause)}. Make it a readable file, or remove it` };
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
