import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { RookeryClient } from '../../src/client/index.js';
import { openKeys } from '../../src/keys/open.keys.js';
import { itInChromium, openBrowser } from '../support/clients/chromium.js';
import { StudioPage } from '../support/clients/studio.page.js';
import { StudioHost } from '../support/service/studio.host.js';
import { removeServices, type Service, startService } from '../support/service/service.js';

const SECRET = /rookery_[a-z0-9]{16}_\S+/;

let folder: string;
let host: StudioHost;
let client: RookeryClient;
let browser: Browser;
let studio: StudioPage;
let key: string;
let service: Service;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-studio-'));
  [host, service] = await Promise.all([
    StudioHost.start(`file:${join(folder, 'rookery.db')}`),
    startService({ AUTH_MODE: 'api-key' }),
  ]);
  ({ key } = await host.key());
  client = new RookeryClient({ baseUrl: host.url, apiKey: key });
});

afterAll(async () => {
  await browser?.close();
  await host.close();
  await removeServices();
  await rm(folder, { recursive: true });
});

/** Opens a page in the tab that the tests share. */
async function visit(path: string): Promise<StudioPage['page']> {
  if (studio === undefined) {
    browser = await openBrowser();
    studio = await StudioPage.open(browser, host.url);
    await studio.goto(path, key);
  } else await studio.goto(path);
  return studio.page;
}

describe('Usage', () => {
  itInChromium('says what to do while there is none, and shows the sums, shares, budgets and limits', async () => {
    const page = await visit('/usage');
    await page.getByText('No usage in this period').waitFor();
    await client.chat({ message: 'hello' });
    await client.keys.create({ name: 'Desk', tenant: 'acme', scopes: ['chat'], tokens_per_month: 1000 });
    await visit('/usage?range=7');
    await page.getByRole('img', { name: 'Cost by day, $0.1200 in all' }).waitFor();
    expect(await page.locator('.chart-bar').count()).toBe(3 * 7);
    expect(await page.getByRole('region', { name: 'By agent' }).innerText()).toMatch(/assistant\s+1\s+120\s+\$0\.1200/);
    expect(await page.getByRole('region', { name: 'By model' }).innerText()).toContain('studio-model');
    await page.getByRole('meter', { name: 'Desk: tokens' }).waitFor();
    expect(await page.getByRole('region', { name: 'Rate limits' }).innerText()).toMatch(
      /of 100,000 requests left in 60 s/,
    );
    await page.getByRole('button', { name: '90 days' }).click();
    await page.waitForURL('**range=90');
  });
});

describe('Operate', () => {
  itInChromium('creates a key that is shown once, rotates and revokes it', async () => {
    const page = await visit('/operate');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('<b>Ada</b>');
    await page.getByRole('textbox', { name: 'Tenant' }).fill('acme');
    await page.getByLabel('usage:read').check();
    await page.getByLabel('Tokens per month').fill('5000');
    await page.getByRole('button', { name: 'Create' }).click();
    const made = SECRET.exec(await page.getByRole('dialog').innerText())?.[0] ?? '';
    await new RookeryClient({ baseUrl: host.url, apiKey: made }).usage();
    await page.keyboard.press('Escape');
    const row = page.getByRole('row').filter({ hasText: '<b>Ada</b>' });
    expect(await row.innerText()).toMatch(/<b>Ada<\/b>[\s\S]*chat, usage:read[\s\S]*5\.0k tokens a month/);
    expect(await page.content()).not.toContain(made);

    await row.getByRole('button', { name: 'Rotate' }).click();
    const rotated = SECRET.exec(await page.getByRole('dialog').innerText())?.[0] ?? '';
    expect(rotated).not.toBe(made);
    await page.keyboard.press('Escape');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    const refused = new RookeryClient({ baseUrl: host.url, apiKey: rotated }).roles();
    await expect(refused).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(studio.requests.filter((url) => url.includes(made.slice(-20)))).toEqual([]);
  });

  itInChromium('stops an agent, and lets it run again', async () => {
    const page = await visit('/operate/switches');
    await page.getByText('Nothing is stopped').waitFor();
    await page.getByLabel('Name').fill('assistant');
    await page.getByLabel('Reason').fill('It pays too much.');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('It pays too much.').waitFor();
    await expect(client.chat({ message: 'hello' })).rejects.toMatchObject({ code: 'stopped' });
    await page.getByRole('button', { name: 'Let assistant run again' }).click();
    await page.getByText('Nothing is stopped').waitFor();
  });

  itInChromium('searches the audit, and finds a changed entry', async () => {
    const page = await visit('/operate/audit');
    await page.getByLabel('Action').fill('switch.changed');
    await page.keyboard.press('Enter');
    await page.getByText('role:assistant').first().waitFor();
    await page.getByRole('button', { name: 'Verify all entries' }).click();
    await page.getByText(/\d+ entries are intact/).waitFor();

    await page.route('**/audit/export*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('"role:assistant"', '"role:coder"') });
    });
    await page.getByRole('button', { name: 'Verify all entries' }).click();
    await page.getByText(/Entry \d+: it was changed/).waitFor();
    await page.unrouteAll();
  });

  itInChromium('shows releases, webhooks and the health of a service', async () => {
    const page = await visit('/operate/releases');
    await page.getByText('No releases').waitFor();
    await visit('/operate/webhooks');
    await page.getByText('No webhook has this status').waitFor();

    const opened = await openKeys(service.databaseUrl);
    const { key: secret } = await opened.keys.create({ name: 'op', tenant: 'acme', scopes: ['admin'] }, 'test');
    const { key: other } = await opened.keys.create({ name: 'chat', tenant: 'acme', scopes: ['chat'] }, 'test');
    await opened.close();
    const keyed = await StudioPage.open(browser, service.url);
    await keyed.goto('/operate/health', secret);
    await keyed.page.getByText('Event loop delay, 99 %').waitFor();
    expect(await keyed.page.getByRole('main').innerText()).toMatch(
      /Queued tasks\s+0[\s\S]*Memory\s+\d+ MiB[\s\S]*Replicas alive\s+1/,
    );
    await keyed.page.getByRole('button', { name: 'Sign out' }).click();
    await keyed.goto('/operate/health', other);
    await keyed.page.getByText('The metrics need a scope').waitFor();
    await keyed.goto('/operate');
    await keyed.page.getByText('lack the scope admin').waitFor();
    await keyed.close();
  });
});
