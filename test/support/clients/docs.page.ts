import type { Locator, Page, Response } from 'playwright-core';

const LIMIT_MS = 60_000;

/** Makes `showOnly`, which gives the page the document of one operation, without its responses. */
const BRIEFLY = `
const whole = options.swaggerDoc;
const documentOf = (id) => {
  const paths = {};
  for (const [path, methods] of Object.entries(whole.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === id)
        paths[path] = { [method]: { ...operation, responses: { 200: { description: 'OK' } } } };
  const schemas = {};
  const visit = (part) => {
    for (const [, name] of JSON.stringify(part).matchAll(/#\\/components\\/schemas\\/(\\w+)/g)) {
      if (name in schemas) continue;
      schemas[name] = whole.components.schemas[name];
      visit(schemas[name]);
    }
  };
  visit(paths);
  const { title, version } = whole.info;
  const tags = whole.tags.map(({ name }) => ({ name }));
  return { ...whole, info: { title, version }, tags, paths, components: { ...whole.components, schemas } };
};
window.showOnly = (id) => ui.specActions.updateJsonSpec(documentOf(id));
options.swaggerDoc = documentOf('health_health');
`;

/** The documentation page, as a person uses it. */
export class DocsPage {
  /** The errors that the browser has reported. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
    private readonly isBrief: boolean,
  ) {
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(page: Page, url: string, isBrief = false): Promise<DocsPage> {
    const docs = new DocsPage(page, url, isBrief);
    await page.goto(`${url}/docs`);
    await page.locator('.opblock').first().waitFor({ timeout: LIMIT_MS });
    await page.addStyleTag({ content: '* { animation: none !important; transition: none !important }' });
    return docs;
  }

  /**
   * Shows only the operation that a test asks for, without its responses. With each change, the page reads the whole
   * document anew, and renders all that it shows.
   */
  static async openBriefly(page: Page, url: string): Promise<DocsPage> {
    await page.route('**/swagger-ui-init.js', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('url = options.swaggerUrl', `${BRIEFLY}$&`);
      await route.fulfill({ response, body });
    });
    return await DocsPage.open(page, url, true);
  }

  /** Pastes a key or a token. */
  async authorize(credentials: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Authorize' }).first().click();
    await this.page.locator('.auth-container input').first().fill(credentials);
    await this.page.locator('.auth-container button[type=submit]').first().click();
    await this.page.locator('.btn-done').first().click();
  }

  /** Shows an operation. */
  async show(tag: string, operationId: string): Promise<Locator> {
    const operation = this.operation(tag, operationId);
    if (this.isBrief) {
      // Then the page has started.
      await this.page.locator('.opblock').first().waitFor({ timeout: LIMIT_MS });
      await this.page.evaluate(`showOnly(${JSON.stringify(operationId)})`);
    }
    await operation.waitFor({ timeout: LIMIT_MS });
    return operation;
  }

  /** Opens an operation and its form. */
  async tryOut(tag: string, operationId: string): Promise<Locator> {
    const operation = await this.show(tag, operationId);
    await press(operation.locator('.opblock-summary-control'));
    await press(operation.locator('.try-out__btn'));
    return operation;
  }

  private operation(tag: string, operationId: string): Locator {
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
