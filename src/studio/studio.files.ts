import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Beside this file, and beside the bundle of the service. */
const OWN_FOLDER = fileURLToPath(new URL('../studio/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compress = promisify(gzip);

/** A file of Studio. */
export interface StudioFile {
  readonly content: Buffer;
  readonly type: string;
  /** The compressed content, made at the first request. */
  compressed(): Promise<Buffer>;
}

/** The built files of Studio, in memory: a request reads no path from the disk. */
export class StudioFiles {
  readonly page: StudioFile;
  readonly #assets: ReadonlyMap<string, StudioFile>;

  /** @throws Error that says what is missing. */
  constructor(folder = OWN_FOLDER) {
    const page = join(folder, 'index.html');
    if (!existsSync(page)) {
      throw new Error(`StudioModule: ${page} does not exist. Set folder to the built files of Studio, dist/studio.`);
    }
    this.page = read(page);
    const assets = join(folder, 'assets');
    this.#assets = new Map(readdirSync(assets).map((name) => [name, read(join(assets, name))]));
  }

  /** Returns an asset by its name; undefined if it does not exist. */
  asset(name: string): StudioFile | undefined {
    return this.#assets.get(name);
  }
}

function read(path: string): StudioFile {
  const content = readFileSync(path);
  let compressing: Promise<Buffer> | undefined;
  return {
    content,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    compressed: () => (compressing ??= compress(content)),
  };
}
