import { accessSync, constants } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { removeServices, startService, type Service } from '../support/service/service.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(isExecutable);
// Switches off Chromium's own network requests.
const ARGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];

let service: Service;
let browser: Browser | undefined;

beforeAll(async () => {
  service = await startService();
  if (CHROMIUM !== undefined) browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  else process.stderr.write('LEFT OUT: no Chromium on this machine, so /docs was not tried in a browser.\n');
});

afterAll(async () => {
  await browser?.close();
  await removeServices();
});

describe('/docs in a browser', () => {
  it('sends a chat, despite the security headers', async () => {
    if (browser === undefined) return;
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));

    await page.goto(`${service.url}/docs`);
    const operation = page.locator('#operations-Chat-chat_chat');
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table');
    await answer.waitFor({ timeout: 10_000 });
    expect(await answer.innerText()).toMatch(/200[^]*"model": "offline"/);
    expect(complaints).toEqual([]);
  });
});

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
