import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathFault } from '../errors/path.fault.js';
import { type Choices, type FolderFlags, readFlags } from './flags.file.js';
import type { ReleasableAgents, Release } from './release.js';
import { readRelease } from './release.file.js';
import type { FileContent } from './yaml.text.js';

const FLAGS = /^flags\.(ya?ml|json)$/;
/** Excludes names that start with a dot: they belong to editors and mounts. */
const RELEASES = /^[^.].*\.ya?ml$/;
const MAX_FILES = 1000;
const MAX_BYTES = 1024 * 1024;

/** The valid content of a folder. */
export interface ReleaseSet {
  readonly releases: ReadonlyMap<string, Release>;
  /** The flags that choose releases; undefined if the folder has no flags. */
  readonly flags: FolderFlags | undefined;
}

/** Lists all faults of a folder with releases. */
class BadReleases extends Error {
  override readonly name = 'BadReleases';

  constructor(directory: string, faults: readonly string[]) {
    super(`The releases in ${directory} are not valid:\n- ${faults.join('\n- ')}`);
  }
}

/** Reads a folder with releases and the flags that choose among them. */
export class ReleaseFolder {
  /** @param readsFlags false if the flags come from another source. */
  constructor(
    private readonly directory: string,
    private readonly readsFlags: boolean,
  ) {}

  /** @throws BadReleases that lists every fault of every file at once. */
  async read(agents: ReleasableAgents): Promise<ReleaseSet> {
    const names = await this.#list();
    const faults: string[] = [];
    const releases = new Map<string, Release>();
    const files = new Map<string, string>();
    for (const name of names.filter(isRelease)) {
      const release = await this.#content(name, faults, (text) => readRelease(text, agents));
      if (release === undefined) continue;
      const other = files.get(release.name);
      if (other !== undefined) faults.push(`${name}: the release "${release.name}" is in ${other} already`);
      else releases.set(release.name, release);
      files.set(release.name, other ?? name);
    }
    const flags = this.readsFlags ? await this.#flags(names, { roles: agents.roles, releases }, faults) : undefined;
    if (faults.length > 0) throw new BadReleases(this.directory, faults);
    return { releases, flags };
  }

  /** Returns a text that differs if a file was changed, added or removed. @throws Error if the folder is unreadable. */
  async signature(): Promise<string> {
    const names = await this.#list();
    const marks = names.map(async (name) => {
      const { ino, size, mtimeMs, ctimeMs } = await stat(join(this.directory, name));
      return [name, ino, size, mtimeMs, ctimeMs].join(' ');
    });
    return (await Promise.all(marks)).join('\n');
  }

  async #list(): Promise<string[]> {
    let names: string[];
    try {
      names = (await readdir(this.directory)).filter((name) => isRelease(name) || FLAGS.test(name));
    } catch (cause) {
      const advice = 'Create it, or correct RELEASES_DIR, or `releases.directory` of AgentModule';
      throw new BadReleases(this.directory, [`${pathFault('folder', this.directory, cause)}. ${advice}`]);
    }
    if (names.length > MAX_FILES) throw new BadReleases(this.directory, [`there are more than ${MAX_FILES} files`]);
    return names.toSorted();
  }

  async #flags(names: readonly string[], choices: Choices, faults: string[]): Promise<FolderFlags | undefined> {
    const [name, other] = names.filter((each) => FLAGS.test(each));
    if (name === undefined) return undefined;
    if (other !== undefined) faults.push(`both ${name} and ${other} have flags; keep only one`);
    return await this.#content(name, faults, (text) => readFlags(text, choices));
  }

  /** Returns the content of a file, or adds its faults and returns undefined. */
  async #content<T>(
    name: string,
    faults: string[],
    parse: (text: string) => Promise<FileContent<T>>,
  ): Promise<T | undefined> {
    const text = await this.#text(name);
    const content = 'value' in text ? await parse(text.value) : text;
    if ('value' in content) return content.value;
    faults.push(...content.faults.map((fault) => `${name}: ${fault}`));
    return undefined;
  }

  async #text(name: string): Promise<FileContent<string>> {
    try {
      const path = join(this.directory, name);
      const { size } = await stat(path);
      if (size <= MAX_BYTES) return { value: await readFile(path, 'utf8') };
      return { faults: [`it is larger than ${MAX_BYTES} bytes`] };
    } catch (cause) {
      return { faults: [`it cannot be read: ${reasonOf(cause)}`] };
    }
  }
}

function isRelease(name: string): boolean {
  return RELEASES.test(name) && !FLAGS.test(name);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
