import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { RookeryClient } from '../../src/client/index.js';
import { Database } from '../../src/storage/database.js';
import { itInChromium, openBrowser } from '../support/clients/chromium.js';
import { StudioPage } from '../support/clients/studio.page.js';
import { StudioHost } from '../support/service/studio.host.js';
import { insertFinishedRuns } from '../support/storage/many.rows.js';
import { until } from '../support/until.js';

let folder: string;
let host: StudioHost;
let client: RookeryClient;
let browser: Browser | undefined;
let studio: StudioPage;
let key: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-studio-'));
  const databaseUrl = `file:${join(folder, 'rookery.db')}`;
  host = await StudioHost.start(databaseUrl);
  ({ key } = await host.key());
  client = new RookeryClient({ baseUrl: host.url, apiKey: key });
  database = await Database.open(databaseUrl, { isTool: true });
  await insertFinishedRuns(database, 'crowd', 10_000);
});

afterAll(async () => {
  await browser?.close();
  await host.close();
  await database.onApplicationShutdown();
  await rm(folder, { recursive: true });
});

async function setStatus(run_id: string, status: 'failed'): Promise<void> {
  await database.query.updateTable('runs').set({ status }).where('run_id', '=', run_id).execute();
}

/** Opens a page in the tab that the tests share. */
async function visit(path: string): Promise<StudioPage> {
  if (browser === undefined) {
    browser = await openBrowser();
    studio = await StudioPage.open(browser, host.url);
    await studio.goto(path, key);
  } else await studio.goto(path);
  return studio;
}

describe('Runs', () => {
  itInChromium('shows runs as they come and end, and filters them', async () => {
    const { page } = await visit('/runs?session_id=live');
    await page.getByText('No run matches the filter').waitFor();
    await client.chat({ message: 'hello', session_id: 'live' });
    await studio.poll();
    const row = page.getByRole('row').nth(1);
    await row.getByText('completed').waitFor();
    expect(await row.innerText()).toMatch(/assistant[\s\S]*chat[\s\S]*live[\s\S]*120[\s\S]*\$0\.1200/);
    await page.getByLabel('Status').selectOption('failed');
    await page.getByText('No run matches the filter').waitFor();
    expect(page.url()).toContain('status=failed');
    await page.getByRole('link', { name: 'Show all runs' }).click();
    await row.waitFor();
  });

  itInChromium(
    'shows ten thousand runs, and keeps only those in view in the page',
    async () => {
      const { key: secret } = await host.key('crowd');
      browser ??= await openBrowser();
      const crowd = await StudioPage.open(browser, host.url);
      await crowd.goto('/runs', secret);
      const body = crowd.page.locator('.table-body');
      await body.waitFor();
      await until(
        'all runs are loaded',
        async () => {
          await body.evaluate((element) => element.scrollTo(0, element.scrollHeight));
          return (await crowd.page.locator('.page-head').innerText()).includes('10,000 · live');
        },
        90_000,
      );
      await body.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await crowd.page.getByRole('row').filter({ hasText: 'run-0' }).first().waitFor();
      await setStatus('run-3', 'failed');
      await crowd.poll();
      await crowd.page.getByRole('row').filter({ hasText: 'run-3' }).getByText('failed').waitFor();
      expect(await crowd.page.getByRole('row').count()).toBeLessThan(60);
      expect(await crowd.page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
      await crowd.close();
    },
    120_000,
  );

  itInChromium('shows a run with its times, its input and output, and each of 2,000 events', async () => {
    let runId = '';
    for await (const event of client.stream({ message: 'count 2000 at once' })) runId = event.run_id;
    const { page } = await visit(`/runs/${runId}`);
    await page.getByRole('region', { name: 'Timeline' }).getByText('studio-model').waitFor();
    expect(await page.getByRole('region', { name: 'Timeline' }).innerText()).toMatch(
      /ms[\s\S]*100 in · 20 out · \$0\.1200/,
    );
    expect(await page.title()).toBe(`${runId.slice(0, 12)}… · Runs · Rookery Studio`);
    await page.getByText('count 2000 at once').waitFor();
    await page.getByRole('button', { name: 'Show the events' }).click();
    await page.getByText('2,002 events').waitFor();
    await page.locator('.table-body').evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.getByRole('button', { name: 'run.completed' }).click();
    expect(await page.getByRole('dialog').innerText()).toContain('"sequence": 2002');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused(page)).toBe('run.completed');
  });

  itInChromium('cancels a run, and tries a task again', async () => {
    const { task_id } = await client.tasks.create({ message: 'call pay' });
    const { page } = await visit(`/runs/${task_id}`);
    await until('it waits', async () => {
      await studio.poll();
      return (await page.getByText('waiting approval').count()) > 0;
    });
    await page.getByRole('region', { name: 'Timeline' }).getByText('Approval of pay').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled').first().waitFor();
    await page.getByRole('button', { name: 'Retry' }).click();
    await until('the page shows the new task', () => !page.url().includes(task_id));
    await page.getByRole('group', { name: 'Approval of pay' }).getByRole('button', { name: 'Approve' }).click();
    await page.getByText('completed').first().waitFor();
    expect(await page.getByRole('region', { name: 'Timeline' }).innerText()).toMatch(/pay[\s\S]*tool/);
  });
});

describe('Approvals', () => {
  itInChromium('decides on a call while another tab shows its run', async () => {
    browser ??= await openBrowser();
    const watcher = await StudioPage.open(browser, host.url);
    await watcher.goto('/chat', key);
    const { page } = await visit('/approvals');
    await page.getByText('Nothing waits').waitFor();
    await watcher.ask('call pay');
    await watcher.answer.getByRole('button', { name: 'Approve' }).waitFor();
    const waiting = page.getByRole('group', { name: 'Approval of pay' });
    await studio.poll();
    await waiting.getByLabel('Reason').fill('Too expensive.');
    await waiting.getByRole('button', { name: 'Reject' }).click();
    await waiting.getByRole('status').filter({ hasText: 'You rejected it.' }).waitFor();
    expect(await focused(page)).toBe('Approval of pay');
    await watcher.answered();
    expect(await watcher.answer.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await watcher.ask('call pay');
    await watcher.answer.getByRole('button', { name: 'Approve' }).click();
    expect(await watcher.answered()).toContain('Done: paid 5');
    expect(watcher.complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await watcher.close();
  });
});

describe('Sessions', () => {
  itInChromium('finds, reads, exports and erases sessions and end users', async () => {
    const ada = new RookeryClient({ baseUrl: host.url, apiKey: key, endUser: 'ada' });
    await ada.chat({ message: 'my name is Ada', session_id: 'of-ada' });
    const { page } = await visit('/sessions');
    await page.getByLabel('End user').fill('ada');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row').filter({ hasText: 'of-ada' });
    await row.getByRole('link', { name: 'my name is Ada' }).waitFor();
    await until('only theirs are listed', async () => (await page.getByRole('row').count()) === 2);
    await page.getByLabel('Session id').fill('of-ada');
    await page.keyboard.press('Enter');
    await page.getByText('my name is Ada').first().waitFor();

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('session-of-ada.ndjson');
    const rows = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(rows.at(-1)).toContain('"type":"end"');

    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
    expect(await focused(page)).toBe('Erase');
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await expect(client.sessions.get('of-ada')).rejects.toMatchObject({ code: 'session_not_found' });

    await ada.chat({ message: 'again', session_id: 'of-ada-too' });
    await visit('/sessions?end_user=ada');
    await page.getByRole('button', { name: 'Erase all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Erased: 1 sessions').waitFor();
  });
});

const OPERATE = ['keys', 'releases', 'switches', 'audit', 'webhooks', 'health'].map((part) => `/operate/${part}`);

describe('each page', () => {
  const paths = [
    '/chat',
    '/chat/seen',
    '/runs',
    '/runs/RUN',
    '/approvals',
    '/sessions',
    '/sessions/seen',
    '/usage',
    ...OPERATE,
  ];

  itInChromium(
    'follows WCAG 2.2 AA in both themes and on a small screen',
    async () => {
      for (const message of ['markdown', 'call wait']) await client.chat({ message, session_id: 'seen' });
      const { task_id } = await client.tasks.create({ message: 'call pay' });
      browser ??= await openBrowser();
      const seen = await StudioPage.open(browser, host.url);
      await seen.goto('/chat');
      await seen.page.getByRole('button', { name: 'Open Studio' }).waitFor();
      expect(await violationsOf(seen)).toEqual([]);
      await seen.goto('/chat', key);
      for (const path of paths) {
        await seen.open(path.replace('RUN', task_id));
        await seen.page.locator('h1').waitFor();
        await until('it is loaded', async () => (await seen.page.locator('.loading').count()) === 0);
        expect([path, await violationsOf(seen)]).toEqual([path, []]);
      }
      await seen.close();
    },
    180_000,
  );

  itInChromium('is reached and used with the keyboard alone', async () => {
    const { page } = await visit('/chat');
    await page.getByLabel('Your message').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the page');
    await press(page, 'Runs', 'Enter');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await tabTo(page, /^[0-9a-f-]{12}…$/);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await press(page, 'Show the events', 'Enter');
    await page.getByText(/\d events/).waitFor();
    await press(page, 'run.started', 'Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${host.url}/studio/chat`);
    await tabTo(page, /^Your message$/);
    await page.keyboard.type('call pay');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await press(page, 'Approve', 'Space');
    expect(await studio.answered()).toContain('Done: paid 5');
  });
});

/** Looks at the page in both themes, and at 360 pixels. */
async function violationsOf(seen: StudioPage): Promise<string[]> {
  const light = await seen.violations();
  await seen.page.emulateMedia({ colorScheme: 'dark' });
  const dark = await seen.violations();
  await seen.page.setViewportSize({ width: 360, height: 740 });
  const isTooWide = await seen.page.evaluate(
    '[document.documentElement, document.querySelector("main")].some((each) => each.scrollWidth > innerWidth)',
  );
  const narrow = isTooWide === true ? ['The page is wider than the screen.'] : [];
  await seen.page.setViewportSize({ width: 1280, height: 800 });
  await seen.page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((each) => `dark: ${each}`), ...narrow];
}

async function focused(page: StudioPage['page']): Promise<string> {
  return String(
    await page.evaluate(
      '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText ?? "").trim()',
    ),
  );
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: StudioPage['page'], name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`The keyboard does not reach ${String(name)}.`);
}

async function press(page: StudioPage['page'], name: string, button: string): Promise<void> {
  await tabTo(page, new RegExp(`^${name}$`));
  await page.keyboard.press(button);
}
