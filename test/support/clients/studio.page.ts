import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { isObject, objects, string } from '../json.js';
import { Gate } from '../until.js';
import { INSECURE_HOST } from './chromium.js';

const LIMIT_MS = 60_000;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The rules of these tags that look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Which rules of axe are checked. */
interface RunOnly {
  readonly type: 'tag' | 'rule';
  readonly values: readonly string[];
}

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
    await this.settle();
  }

  /** Waits until the page has been painted anew. */
  async settle(): Promise<void> {
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  /** Lets the page look for changes at once, as it does when it becomes visible. */
  async poll(): Promise<void> {
    await this.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  }

  /** Sends a message. */
  async ask(text: string): Promise<void> {
    await this.page.getByLabel('Your message').fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
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

  /** Keeps the answers of a path back until the gate opens. */
  async hold(path: string, isHeld: (query: URLSearchParams) => boolean = () => true): Promise<Gate> {
    const gate = new Gate();
    await this.page.route(
      ({ pathname, searchParams }) => pathname === path && isHeld(searchParams),
      async (route) => {
        await gate.opened;
        await route.continue();
      },
    );
    return gate;
  }

  /** The name or the text of the element that has the focus. */
  async focused(): Promise<string> {
    return String(
      await this.page.evaluate(
        '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText ?? "").trim()',
      ),
    );
  }

  /** Presses Tab until the element has the focus. */
  async tabTo(name: RegExp): Promise<void> {
    for (let presses = 0; presses < 80; presses += 1) {
      await this.page.keyboard.press('Tab');
      if (name.test(await this.focused())) return;
    }
    throw new Error(`The keyboard does not reach ${String(name)}.`);
  }

  /** Goes to an element with Tab, and presses a key. */
  async press(name: string, button: string): Promise<void> {
    await this.tabTo(new RegExp(`^${name}$`));
    await this.page.keyboard.press(button);
  }

  /** Returns the violations of WCAG 2.2 AA in both themes, each with its elements, and whether 360 pixels suffice. */
  async violations(): Promise<string[]> {
    const light = await this.#violations({ type: 'tag', values: TAGS });
    await this.page.emulateMedia({ colorScheme: 'dark' });
    // Elements and sizes are the same in both themes.
    const dark = await this.#violations({ type: 'rule', values: COLOUR_RULES });
    await this.page.setViewportSize({ width: 360, height: 740 });
    const isTooWide = await this.page.evaluate(
      '[document.documentElement, document.querySelector("main")].some((each) => each.scrollWidth > innerWidth)',
    );
    const narrow = isTooWide === true ? ['The page is wider than the screen.'] : [];
    await this.page.setViewportSize({ width: 1280, height: 800 });
    await this.page.emulateMedia({ colorScheme: 'light' });
    return [...light, ...dark.map((each) => `dark: ${each}`), ...narrow];
  }

  async #violations(runOnly: RunOnly): Promise<string[]> {
    // Evaluated by the debugger, which no policy of the page restricts.
    if ((await this.page.evaluate('typeof axe')) === 'undefined') await this.page.evaluate(axe.source);
    const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
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
