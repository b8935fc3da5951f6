import { setImmediate } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { pathFault } from '../errors/path.fault.js';
import { type DocumentFile, DocumentFolder, readDocument } from './document.folder.js';
import { queryOf } from './document.query.js';
import { type Section, SectionBuilder } from './document.section.js';
import { type DocumentHit, SectionTable } from './section.table.js';
import { ToolError } from '../index.js';

const MAX_FILE_BYTES = 2 * 1024 * 1024;
const RESCAN_MS = 1000;
const MAX_HITS = 20;

export interface DocumentIndexOptions {
  /** The maximum age of the index for a search, in milliseconds. Default: 1000. */
  readonly rescanMs?: number;
  /** Receives warnings about documents that cannot be searched. Default: Nest's logger. */
  readonly logger?: { warn(message: string): void };
}

/**
 * A full-text index of the Markdown, text and HTML files of a folder. It finds each section between two headings
 * separately. A search sees changes after one second at most.
 */
export class DocumentIndex implements OnApplicationShutdown {
  readonly #logger: { warn(message: string): void };
  readonly #rescanMs: number;
  readonly #sections = new SectionTable();
  /** The stamps of the indexed or skipped files. */
  readonly #stamps = new Map<string, string>();
  #refresh: Promise<void> | undefined;
  #refreshedAt = -Infinity;
  #isCut = false;

  private constructor(
    private readonly folder: string | undefined,
    { rescanMs = RESCAN_MS, logger = new Logger(DocumentIndex.name) }: DocumentIndexOptions = {},
  ) {
    this.#rescanMs = rescanMs;
    this.#logger = logger;
  }

  /**
   * Indexes the folder and resolves when it is searchable. Without a folder, every search throws a ToolError.
   *
   * @throws Error if the folder cannot be read.
   */
  static async open(folder: string | undefined, options?: DocumentIndexOptions): Promise<DocumentIndex> {
    if (folder === undefined) return new DocumentIndex(undefined);
    const index = new DocumentIndex(folder, options);
    try {
      await index.#scan(folder);
    } catch (cause) {
      index.onApplicationShutdown();
      throw new Error(`DOCS_DIR: ${pathFault('folder', folder, cause)}. Create it, or correct DOCS_DIR.`, { cause });
    }
    return index;
  }

  /**
   * Returns the sections that contain all words, best first; if no section does, those with any word. Matching ignores
   * case and accents and uses English stemming. The query has no special syntax.
   *
   * @param limit 1 to 20.
   * @throws ToolError if the query has no words or no folder is configured; the reason of the signal if it aborts.
   */
  async search(query: string, limit = 5, signal?: AbortSignal): Promise<DocumentHit[]> {
    if (!this.folder) {
      throw new ToolError('No documents are configured: DOCS_DIR names no folder. Answer without them and say so.');
    }
    const { all, any } = queryOf(query);
    signal?.throwIfAborted();
    await raceAbort(this.#upToDate(this.folder), signal);
    const count = Math.min(Math.max(Math.trunc(limit) || 1, 1), MAX_HITS);
    const hits = this.#sections.find(all, count);
    return hits.length > 0 ? hits : this.#sections.find(any, count);
  }

  onApplicationShutdown(): void {
    this.#sections.close();
  }

  /** Concurrent searches share one scan. */
  #upToDate(folder: string): Promise<void> {
    if (performance.now() - this.#refreshedAt < this.#rescanMs) return Promise.resolve();
    this.#refresh ??= this.#scan(folder).finally(() => {
      this.#refresh = undefined;
    });
    return this.#refresh;
  }

  async #scan(folder: string): Promise<void> {
    const startedAt = performance.now();
    const { files, isCut } = await new DocumentFolder(folder).list();
    if (isCut && !this.#isCut)
      this.#logger.warn(`DOCS_DIR has too many documents. Only the first ${files.length} are searched.`);
    this.#isCut = isCut;
    const names = new Set(files.map(({ name }) => name));
    for (const name of [...this.#stamps.keys()].filter((each) => !names.has(each))) {
      this.#sections.replace(name, []);
      this.#stamps.delete(name);
    }
    for (const file of files.filter(({ name, stamp }) => this.#stamps.get(name) !== stamp)) {
      this.#sections.replace(file.name, await this.#read(file));
      this.#stamps.set(file.name, file.stamp);
      // Lets other requests run between two documents.
      await setImmediate();
    }
    this.#refreshedAt = startedAt;
  }

  async #read(file: DocumentFile): Promise<Section[]> {
    if (file.bytes > MAX_FILE_BYTES) {
      this.#logger.warn(`DOCS_DIR: ${file.name} is not searched because it is larger than ${MAX_FILE_BYTES} bytes.`);
      return [];
    }
    try {
      return await sectionsOf(file.name, await readDocument(file, MAX_FILE_BYTES));
    } catch (error) {
      this.#logger.warn(`DOCS_DIR: ${file.name} is not searched because it cannot be read: ${String(error)}`);
      return [];
    }
  }
}

/** Loads a parser when a document needs it. */
async function sectionsOf(name: string, text: string): Promise<Section[]> {
  if (/\.html?$/i.test(name)) {
    const { htmlSections } = await import('./html.sections.js');
    return htmlSections(text);
  }
  if (/\.(?:md|markdown)$/i.test(name)) {
    const { markdownSections } = await import('./markdown.sections.js');
    return markdownSections(text);
  }
  const builder = new SectionBuilder();
  builder.text(text);
  return builder.finish();
}

/** Stops waiting on abort. The work goes on, because other searches share it. */
async function raceAbort(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
