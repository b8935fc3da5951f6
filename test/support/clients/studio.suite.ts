import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { RookeryClient } from '../../../src/client/index.js';
import { StudioHost } from '../service/studio.host.js';
import { openBrowser } from './chromium.js';
import { StudioPage } from './studio.page.js';

/** Studio over a new database, with a key, its client and one tab, for all tests of a suite. */
export class StudioSuite {
  #browser: Browser | undefined;
  #tab: StudioPage | undefined;

  private constructor(
    private readonly folder: string,
    readonly databaseUrl: string,
    readonly host: StudioHost,
    readonly key: string,
    readonly client: RookeryClient,
  ) {}

  static async start(): Promise<StudioSuite> {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-studio-'));
    const databaseUrl = `file:${join(folder, 'rookery.db')}`;
    const host = await StudioHost.start(databaseUrl);
    const { key } = await host.key();
    return new StudioSuite(folder, databaseUrl, host, key, new RookeryClient({ baseUrl: host.url, apiKey: key }));
  }

  /** The tab that the last `visit` opened. */
  get tab(): StudioPage {
    if (this.#tab === undefined) throw new Error('No page has been visited.');
    return this.#tab;
  }

  /** Opens a page in the shared tab. */
  async visit(path: string): Promise<StudioPage> {
    if (this.#tab === undefined) {
      this.#tab = await this.newTab();
      await this.#tab.goto(path, this.key);
    } else await this.#tab.goto(path);
    return this.#tab;
  }

  /** A tab of its own, without credentials. */
  async newTab(url = this.host.url): Promise<StudioPage> {
    this.#browser ??= await openBrowser();
    return await StudioPage.open(this.#browser, url);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.host.close();
    await rm(this.folder, { recursive: true });
  }
}
