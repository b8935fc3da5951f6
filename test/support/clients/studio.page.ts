import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { isObject, objects, string } from '../json.js';
import { INSECURE_HOST } from './chromium.js';

const LIMIT_MS = 10_000;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface View {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Studio in a browser of its own, as a person uses it. */
export class StudioPage {
  /** The errors that the browser has reported. */
  readonly complaints: string[] = [];
  /** The addresses of all requests. */
  readonly requests: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(LIMIT_MS);
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  /** Opens a tab without cookies and storage of others. */
  static async open(browser: Browser, url: string, { scheme = 'light', width = 1280, height = 800 }: View = {}) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      acceptDownloads: true,
    });
    // Pages without TLS have no clipboard.
    if (new URL(url).hostname !== INSECURE_HOST)
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    return new StudioPage(context, await context.newPage(), url);
  }

  /** Opens a page of Studio and enters a key, if one is asked for. */
  async goto(path: string, key?: string): Promise<void> {
    await this.page.goto(`${this.url}/studio${path}`);
    if (key === undefined) return;
    await this.page.getByLabel('API key or token').fill(key);
    await this.page.getByRole('button', { name: 'Open Studio' }).click();
    await this.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  }

  /** Opens another page without loading Studio anew. */
  async open(path: string): Promise<void> {
    const url = JSON.stringify(`/studio${path}`);
    await this.page.evaluate(`history.pushState(null, '', ${url}); dispatchEvent(new Event('popstate'))`);
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  /** Lets the page look for changes at once, as it does when it becomes visible. */
  async poll(): Promise<void> {
    await this.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  }

  /** Sends a message. */
  async ask(text: string): Promise<void> {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  /** The last answer. */
  get answer(): Locator {
    return this.page.getByRole('article', { name: 'Answer' }).last();
  }

  /** Waits until the last run has ended, and returns the text of its answer. */
  async answered(): Promise<string> {
    await this.answer.and(this.page.locator('[aria-busy=false]')).waitFor();
    return await this.answer.innerText();
  }

  /** Returns the violations of WCAG 2.2 AA, each with its elements. */
  async violations(): Promise<string[]> {
    // Evaluated by the debugger, which no policy of the page restricts.
    if ((await this.page.evaluate('typeof axe')) === 'undefined') await this.page.evaluate(axe.source);
    const options = JSON.stringify({ runOnly: { type: 'tag', values: TAGS }, resultTypes: ['violations'] });
    const result: unknown = await this.page.evaluate(`axe.run(document, ${options})`);
    if (!isObject(result)) throw new Error('axe has not answered.');
    return objects(result.violations).map(({ id, nodes }) => {
      const places = objects(nodes).map(({ html, failureSummary }) => `${string(html)} ${string(failureSummary)}`);
      return `${string(id)}: ${places.join('\n')}`;
    });
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
