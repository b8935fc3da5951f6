import { readFile } from 'node:fs/promises';
import { RookeryClient } from '../../src/client/index.js';
import { Database } from '../../src/storage/database.js';
import { itInChromium } from '../support/clients/chromium.js';
import { StudioSuite } from '../support/clients/studio.suite.js';
import { insertFinishedRuns } from '../support/storage/many.rows.js';
import { until } from '../support/until.js';

const SESSIONS = '/api/v2/agent/sessions';

const suite = await StudioSuite.start();
const { host, client, key } = suite;
const database = await Database.open(suite.databaseUrl, { isTool: true });
await insertFinishedRuns(database, 'crowd', 10_000);

afterAll(async () => {
  await suite.close();
  await database.onApplicationShutdown();
});

async function setStatus(runIds: readonly string[], status: 'failed'): Promise<void> {
  await database.query.updateTable('runs').set({ status }).where('run_id', 'in', runIds).execute();
}

describe('the runs', () => {
  itInChromium('are shown as they come and end, and filtered', async () => {
    const { page } = await suite.visit('/runs?session_id=live');
    await page.getByText('No run matches the filter').waitFor();
    await client.chat({ message: 'hello', session_id: 'live' });
    await suite.tab.poll();
    const row = page.getByRole('row').nth(1);
    await row.getByText('completed').waitFor();
    expect(await row.innerText()).toMatch(/assistant[\s\S]*chat[\s\S]*live[\s\S]*120[\s\S]*\$0\.1200/);
    await page.getByLabel('Status').selectOption('failed');
    await page.getByText('No run matches the filter').waitFor();
    expect(page.url()).toContain('status=failed');
    await page.getByRole('link', { name: 'Show all runs' }).click();
    await row.waitFor();
  });

  itInChromium('keep what a person types while new runs arrive', async () => {
    const { page } = await suite.visit('/runs');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    const session = page.getByLabel('Session');
    await session.pressSequentially('typed');
    await client.chat({ message: 'hello', session_id: 'typed' });
    await suite.tab.poll();
    await page.getByRole('row').filter({ hasText: 'typed' }).waitFor();
    expect(await session.inputValue()).toBe('typed');
    await page.keyboard.press('Enter');
    await page.waitForURL(/session_id=typed/);
    await page.getByText('1 · live').waitFor();
  });

  itInChromium(
    'are ten thousand, of which only those in view are in the page',
    async () => {
      const { key: secret } = await host.key('crowd');
      await setStatus(
        Array.from({ length: 60 }, (_, index) => `run-${9999 - index * 10}`),
        'failed',
      );
      const crowd = await suite.newTab();
      await crowd.goto('/runs?status=failed', secret);
      const body = crowd.page.locator('.table-body');
      await body.waitFor();
      // The failed runs in view reach farther back than the first page of all runs.
      await crowd.page.getByLabel('Status').selectOption('');
      await crowd.page.getByRole('row').filter({ hasText: 'run-9998' }).waitFor();
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
      await setStatus(['run-3'], 'failed');
      await crowd.poll();
      await crowd.page.getByRole('row').filter({ hasText: 'run-3' }).getByText('failed').waitFor();
      expect(await crowd.page.getByRole('row').count()).toBeLessThan(60);
      expect(await crowd.page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
      await crowd.close();
    },
    120_000,
  );
});

describe('the sessions', () => {
  itInChromium('are found, read, exported and erased, also by end user', async () => {
    const ada = new RookeryClient({ baseUrl: host.url, apiKey: key, endUser: 'ada' });
    await ada.chat({ message: 'my name is Ada', session_id: 'of-ada' });
    const { page } = await suite.visit('/sessions');
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
    expect(await suite.tab.focused()).toBe('Erase');
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await expect(client.sessions.get('of-ada')).rejects.toMatchObject({ code: 'session_not_found' });

    await ada.chat({ message: 'again', session_id: 'of-ada-too' });
    await suite.visit('/sessions?end_user=ada');
    await page.getByRole('button', { name: 'Erase all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Erased: 1 sessions').waitFor();
  });

  itInChromium('keep what a person types while the list arrives', async () => {
    const eve = new RookeryClient({ baseUrl: host.url, apiKey: key, endUser: 'eve' });
    await eve.chat({ message: 'my name is Eve', session_id: 'of-eve' });
    await client.chat({ message: 'of nobody', session_id: 'of-nobody' });
    const { page } = await suite.visit('/approvals');
    const arrival = await suite.tab.hold(SESSIONS);
    await suite.tab.open('/sessions');
    const endUser = page.getByLabel('End user');
    await endUser.pressSequentially('eve');
    arrival.open();
    await page.getByRole('row').filter({ hasText: 'of-nobody' }).waitFor();
    expect(await endUser.inputValue()).toBe('eve');
    await page.keyboard.press('Enter');
    await page.getByRole('row').filter({ hasText: 'of-nobody' }).waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'of-eve' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });

  itInChromium('are not replaced by a late answer to the filter of before', async () => {
    const zoe = new RookeryClient({ baseUrl: host.url, apiKey: key, endUser: 'zoe' });
    await zoe.chat({ message: 'my name is Zoe', session_id: 'of-zoe' });
    const { page } = await suite.visit('/approvals');
    const arrival = await suite.tab.hold(SESSIONS, (query) => !query.has('end_user'));
    await suite.tab.open('/sessions');
    await page.getByLabel('End user').fill('zoe');
    await page.keyboard.press('Enter');
    await page.getByRole('row').filter({ hasText: 'of-zoe' }).waitFor();
    arrival.open();
    await suite.tab.settle();
    expect(await page.getByRole('row').count()).toBe(2);
  });
});
