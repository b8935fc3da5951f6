import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { RookeryClient } from '../../src/client/index.js';
import { openKeys } from '../../src/keys/open.keys.js';
import { itInChromium, openBrowser } from '../support/clients/chromium.js';
import { StudioPage } from '../support/clients/studio.page.js';
import { AUDIENCE, Issuer } from '../support/servers/issuer.js';
import { status, WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';
import { flagsOf, ReleaseFiles } from '../support/service/releases.js';
import { StudioHost } from '../support/service/studio.host.js';
import { removeServices, type Service, startService } from '../support/service/service.js';
import { until } from '../support/until.js';

const RELEASES = {
  'assistant.yaml': 'name: assistant-2\nrole: assistant\ninstructions: Be terse.',
  'flags.yaml': flagsOf({ assistant: { 'assistant-2': 1, code: 3 } }),
};
const SECRET = /rookery_[a-z0-9]{16}_\S+/;

let folder: string;
let host: StudioHost;
let client: RookeryClient;
let browser: Browser;
let studio: StudioPage;
let key: string;
let service: Service;
let issuer: Issuer;
let receiver: WebhookReceiver;
let files: ReleaseFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-studio-'));
  [issuer, receiver, files] = await Promise.all([
    Issuer.start(),
    WebhookReceiver.start(),
    ReleaseFiles.create(RELEASES),
  ]);
  [host, service] = await Promise.all([
    StudioHost.start(`file:${join(folder, 'rookery.db')}`),
    startService({
      AUTH_MODE: 'api-key,jwt',
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      JWKS_URI: issuer.jwksUri,
      RELEASES_DIR: files.directory,
      WEBHOOK_SECRET,
      WEBHOOK_ALLOW_PRIVATE: 'true',
    }),
  ]);
  ({ key } = await host.key());
  client = new RookeryClient({ baseUrl: host.url, apiKey: key });
});

afterAll(async () => {
  await browser?.close();
  await host.close();
  await removeServices();
  await Promise.all([issuer.close(), receiver.close(), files.remove()]);
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

/** The secret of a key, once the dialog shows it. */
async function secretIn(page: StudioPage['page']): Promise<string> {
  const secret = page.getByRole('dialog').getByText(SECRET).first();
  return SECRET.exec(await secret.innerText())?.[0] ?? '';
}

async function closeDialog(page: StudioPage['page']): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
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
    await page.getByRole('meter', { name: 'Desk (acme): tokens' }).waitFor();
    expect(await page.getByRole('region', { name: 'Budgets' }).innerText()).toMatch(
      /Tenant acme: cost\s+\$0\.1200 of \$4\.00 \(3 %\)[\s\S]*Tenant acme: tokens\s+120 of 1\.0M/,
    );
    await page.getByText('Numbers of each day').click();
    const today = new Date().toISOString().slice(0, 10);
    expect(await page.getByRole('row').filter({ hasText: today }).innerText()).toMatch(/\$0\.1200\s+120\s+1/);
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
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.evaluate('document.activeElement.innerText')).toBe('New key');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('<b>Ada</b>');
    await page.getByRole('textbox', { name: 'Tenant' }).fill('acme');
    await page.getByLabel('usage:read').check();
    await page.getByLabel('Tokens per month').fill('5000');
    await page.getByRole('button', { name: 'Create' }).click();
    const made = await secretIn(page);
    await new RookeryClient({ baseUrl: host.url, apiKey: made }).usage();
    await closeDialog(page);
    const row = page.getByRole('row').filter({ hasText: '<b>Ada</b>' });
    expect(await row.innerText()).toMatch(/<b>Ada<\/b>[\s\S]*chat, usage:read[\s\S]*5\.0k tokens a month/);
    expect(await page.content()).not.toContain(made);

    await row.getByRole('button', { name: 'Rotate' }).click();
    const rotated = await secretIn(page);
    expect(rotated).not.toBe(made);
    await closeDialog(page);
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

  itInChromium(
    'shows the releases with their shares, and the health of a service, to the holder of a token',
    async () => {
      const token = await issuer.sign({ sub: 'ada', tenant: 'acme', scope: 'admin' });
      const signed = await StudioPage.open(browser, service.url);
      await signed.goto('/operate/releases', token);
      const release = signed.page.getByRole('region', { name: 'assistant-2' });
      await release.getByText('25 %').waitFor();
      expect(await signed.page.getByLabel('End user').count()).toBe(0);
      await signed.open('/operate/health');
      await signed.page.getByText('Event loop delay, 99 %').waitFor();
      expect(await signed.page.getByRole('main').innerText()).toMatch(
        /Queued tasks\s+0[\s\S]*Memory\s+\d+ MiB[\s\S]*Replicas alive\s+1/,
      );
      expect(signed.requests.filter((url) => url.includes(token.slice(-20)))).toEqual([]);

      await signed.page.getByRole('button', { name: 'Sign out' }).click();
      await signed.goto('/operate/health', await issuer.sign({ sub: 'bob', tenant: 'acme', scope: 'chat' }));
      await signed.page.getByText('The metrics need a scope').waitFor();
      await signed.open('/operate/keys');
      await signed.page.getByText('lack the scope admin').waitFor();
      await signed.close();
    },
  );

  itInChromium('sends a webhook again that was given up', async () => {
    const opened = await openKeys(service.databaseUrl);
    const { key: apiKey } = await opened.keys.create({ name: 'op', tenant: 'acme', scopes: ['admin'] }, 'test');
    await opened.close();
    const caller = new RookeryClient({ baseUrl: service.url, apiKey });
    const keyed = await StudioPage.open(browser, service.url);
    await keyed.goto('/operate/webhooks', apiKey);
    await keyed.page.getByText('No webhook has this status').waitFor();
    receiver.next(status(410));
    const { task_id } = await caller.tasks.create({ message: 'hello', webhook_url: receiver.url });
    await until('it is given up', async () => {
      for await (const hook of caller.webhooks.list({ status: 'given_up' })) if (hook.task_id === task_id) return true;
      return false;
    });
    await keyed.goto('/operate/webhooks');
    const entry = keyed.page.getByRole('listitem').filter({ hasText: 'status 410' });
    expect(await entry.innerText()).toMatch(/given up 1 tries/);
    await entry.getByRole('button', { name: 'Send again' }).click();
    await until('it arrives', () => receiver.posts.length === 2);
    await keyed.page.getByRole('button', { name: 'Delivered' }).click();
    await keyed.page
      .getByRole('listitem')
      .filter({ hasText: receiver.url.split('?')[0] ?? '' })
      .waitFor();
    await keyed.close();
  });
});
