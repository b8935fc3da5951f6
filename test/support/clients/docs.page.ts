import type { Locator, Page, Response } from 'playwright-core';

const LIMIT_MS = 20_000;

const BRIEFLY = `
const { paths, components } = options.swaggerDoc;
for (const path of Object.values(paths))
  for (const operation of Object.values(path)) operation.responses = { 200: { description: 'OK' } };
const used = new Map();
const visit = (part) => {
  for (const [, name] of JSON.stringify(part).matchAll(/#\\/components\\/schemas\\/(\\w+)/g)) {
    if (used.has(name)) continue;
    used.set(name, components.schemas[name]);
    visit(components.schemas[name]);
  }
};
visit(paths);
components.schemas = Object.fromEntries(used);
`;

/** The documentation page, as a person uses it. */
export class DocsPage {
  /** The errors that the browser has reported. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(page: Page, url: string): Promise<DocsPage> {
    const docs = new DocsPage(page, url);
    await page.goto(`${url}/docs`);
    await page.locator('.opblock').first().waitFor({ timeout: LIMIT_MS });
    await page.addStyleTag({ content: '* { animation: none !important; transition: none !important }' });
    return docs;
  }

  /** Leaves out the responses and their schemas: the page takes most of its time for them. */
  static async openBriefly(page: Page, url: string): Promise<DocsPage> {
    await page.route('**/swagger-ui-init.js', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('url = options.swaggerUrl', `${BRIEFLY}$&`);
      await route.fulfill({ response, body });
    });
    return await DocsPage.open(page, url);
  }

  /** Pastes a key or a token. */
  async authorize(credentials: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Authorize' }).first().click();
    await this.page.locator('.auth-container input').first().fill(credentials);
    await this.page.locator('.auth-container button[type=submit]').first().click();
    await this.page.locator('.btn-done').first().click();
  }

  /** Shows only the operations of a tag: with each change, the page renders all that it shows. */
  async showOnly(tag: string): Promise<void> {
    await this.page.evaluate(`ui.layoutActions.updateFilter(${JSON.stringify(tag)})`);
  }

  /** Opens an operation and its form. */
  async tryOut(tag: string, operationId: string): Promise<Locator> {
    const operation = this.operation(tag, operationId);
    await press(operation.locator('.opblock-summary-control'));
    await press(operation.locator('.try-out__btn'));
    return operation;
  }

  operation(tag: string, operationId: string): Locator {
    return this.page.locator(`[id="operations-${tag}-${operationId}"]`);
  }

  /** Fills a parameter of an open form. */
  async fill(operation: Locator, parameter: string, value: string): Promise<void> {
    await operation.locator(`tr[data-param-name="${parameter}"] input`).fill(value);
  }

  /** Clicks "Execute", and returns the answer once the page shows it. */
  async execute(operation: Locator): Promise<Response> {
    const answered = this.page.waitForResponse((response) => response.url().startsWith(`${this.url}/`), {
      timeout: LIMIT_MS,
    });
    await operation.locator('.execute').click();
    const response = await answered;
    await response.finished();
    // The page restores the fields when it shows the answer: what a test types before that is lost.
    await operation.locator('.loading-container').waitFor({ state: 'detached', timeout: LIMIT_MS });
    return response;
  }

  /** Closes an operation. */
  async close(operation: Locator): Promise<void> {
    await press(operation.locator('.opblock-summary-control'));
  }
}

/** A click without waiting for the end of animations and scrolling, which take most of the time of a test. */
async function press(button: Locator): Promise<void> {
  await button.dispatchEvent('click', {}, { timeout: LIMIT_MS });
}
