import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const DOCUMENT = /\.(?:md|markdown|txt|text|html?)$/i;
const MAX_DOCUMENTS = 20_000;
const MAX_FOLDER_DEPTH = 32;

/** A document of the folder. */
export interface DocumentFile {
  /** The path relative to the folder, with `/` as separator. */
  readonly name: string;
  /** The absolute path, with links resolved. */
  readonly path: string;
  /** Changes when the file changes. */
  readonly stamp: string;
  readonly bytes: number;
}

interface FolderEntry {
  /** The path relative to the folder. */
  readonly name: string;
  readonly path: string;
}

/** The current contents of the folder. */
export interface FolderListing {
  readonly files: readonly DocumentFile[];
  /** True if the folder has more documents than the limit. */
  readonly isCut: boolean;
}

/** Lists the files with a document extension in a folder, once. Skips hidden files and node_modules. */
export class DocumentFolder {
  #root = '';
  readonly #files: DocumentFile[] = [];
  readonly #seen = new Set<string>();
  readonly #links: FolderEntry[] = [];

  constructor(private readonly folder: string) {}

  /**
   * Lists the documents recursively. Follows a link if its target is inside the folder and not listed yet. Skips
   * unreadable files and folders.
   *
   * @throws the error of reading the folder itself.
   */
  async list(): Promise<FolderListing> {
    this.#root = await realpath(this.folder);
    await this.#walk({ name: '', path: this.#root }, 0);
    // Follows links last, so that a document is listed under its real name.
    for (let link = this.#links.shift(); link; link = this.#links.shift()) await this.#follow(link);
    return { files: this.#files.slice(0, MAX_DOCUMENTS), isCut: this.#files.length > MAX_DOCUMENTS };
  }

  async #walk({ name, path }: FolderEntry, depth: number): Promise<void> {
    if (depth > MAX_FOLDER_DEPTH || this.#seen.has(path)) return;
    this.#seen.add(path);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (depth === 0) throw error;
      return [];
    });
    const shown = entries.filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules');
    const inner = (entry: Dirent): FolderEntry => ({
      name: name ? `${name}/${entry.name}` : entry.name,
      path: join(path, entry.name),
    });
    this.#links.push(...shown.filter((entry) => entry.isSymbolicLink()).map(inner));
    await Promise.all(shown.filter((entry) => entry.isFile()).map((entry) => this.#add(inner(entry))));
    for (const folder of shown.filter((entry) => entry.isDirectory()).map(inner)) {
      if (this.#files.length > MAX_DOCUMENTS) return;
      await this.#walk(folder, depth + 1);
    }
  }

  async #follow({ name, path: link }: FolderEntry): Promise<void> {
    try {
      const path = await realpath(link);
      if (relative(this.#root, path).split(sep)[0] === '..' || this.#seen.has(path)) return;
      const target = await lstat(path);
      if (target.isDirectory()) await this.#walk({ name, path }, name.split('/').length);
      else if (target.isFile()) await this.#add({ name, path });
    } catch {
      // The link is broken.
    }
  }

  async #add({ name, path }: FolderEntry): Promise<void> {
    if (!DOCUMENT.test(name)) return;
    const found = await lstat(path, { bigint: true }).catch(() => undefined);
    if (!found?.isFile()) return;
    this.#seen.add(path);
    const stamp = `${path} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    this.#files.push({ name, path, stamp, bytes: Number(found.size) });
  }
}

/**
 * Reads the text of a document, up to a number of bytes. Detects UTF-8 and UTF-16 with a byte order mark; the fallback
 * is Windows-1252. Removes carriage returns and control characters.
 *
 * @throws the error of reading it, for example if it was deleted or replaced by a link.
 */
export async function readDocument({ path }: DocumentFile, limitBytes: number): Promise<string> {
  // The file may have been replaced since the listing, by a link out of the folder or by a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(limitBytes), 0, limitBytes, 0);
    return decode(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
