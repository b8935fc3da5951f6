import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of releases and flags. */
export class ReleaseFiles {
  private constructor(readonly directory: string) {}

  static async create(files: Readonly<Record<string, string | object>> = {}): Promise<ReleaseFiles> {
    const made = new ReleaseFiles(await mkdtemp(join(tmpdir(), 'rookery-releases-')));
    for (const [name, content] of Object.entries(files)) await made.write(name, content);
    return made;
  }

  /** @param content an object is written as JSON, which is also YAML. */
  write(name: string, content: string | object): Promise<void> {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    return writeFile(join(this.directory, name), text);
  }

  drop(name: string): Promise<void> {
    return rm(join(this.directory, name));
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true });
  }
}

/**
 * Returns flags in flagd's format: for each role its releases with their shares of the sessions, the first one growing.
 */
export function flagsOf(shares: Readonly<Record<string, Readonly<Record<string, number>>>>): object {
  const flags = Object.entries(shares).map(([role, releases]) => {
    const names = Object.keys(releases);
    const flag = {
      state: 'ENABLED',
      variants: Object.fromEntries(names.map((name) => [name, name])),
      defaultVariant: names[0],
      targeting: { fractional: Object.entries(releases) },
    };
    return [`release.${role}`, flag] as const;
  });
  return { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: Object.fromEntries(flags) };
}
