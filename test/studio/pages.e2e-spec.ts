import { itInChromium } from '../support/clients/chromium.js';
import { StudioSuite } from '../support/clients/studio.suite.js';
import { until } from '../support/until.js';

const suite = await StudioSuite.start();
const { client, host, key } = suite;

afterAll(() => suite.close());

describe('a run', () => {
  itInChromium('is shown with its times, its input and output, and each of 2,000 events', async () => {
    let runId = '';
    for await (const event of client.stream({ message: 'count 2000 at once' })) runId = event.run_id;
    const { page } = await suite.visit(`/runs/${runId}`);
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
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await suite.tab.focused()).toBe('run.completed');
  });

  itInChromium('is cancelled, and a task is tried again', async () => {
    const { task_id } = await client.tasks.create({ message: 'call pay' });
    const { page } = await suite.visit(`/runs/${task_id}`);
    await until('it waits', async () => {
      await suite.tab.poll();
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
    const watcher = await suite.newTab();
    await watcher.goto('/chat', key);
    const { page } = await suite.visit('/approvals');
    await page.getByText('Nothing waits').waitFor();
    await watcher.ask('call pay');
    await watcher.answer.getByRole('button', { name: 'Approve' }).waitFor();
    const waiting = page.getByRole('group', { name: 'Approval of pay' });
    await suite.tab.poll();
    await waiting.getByLabel('Reason').fill('Too expensive.');
    await waiting.getByRole('button', { name: 'Reject' }).click();
    await waiting.getByRole('status').filter({ hasText: 'You rejected it.' }).waitFor();
    expect(await suite.tab.focused()).toBe('Approval of pay');
    await watcher.answered();
    expect(await watcher.answer.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await watcher.ask('call pay');
    await watcher.answer.getByRole('button', { name: 'Approve' }).click();
    expect(await watcher.answered()).toContain('Done: paid 5');
    expect(watcher.complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await watcher.close();
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
      const seen = await suite.newTab();
      await seen.goto('/chat');
      await seen.page.getByRole('button', { name: 'Open Studio' }).waitFor();
      expect(await seen.violations()).toEqual([]);
      await seen.goto('/chat', key);
      for (const path of paths) {
        await seen.open(path.replace('RUN', task_id));
        await seen.page.locator('h1').waitFor();
        await until('it is loaded', async () => (await seen.page.locator('.loading').count()) === 0);
        expect([path, await seen.violations()]).toEqual([path, []]);
      }
      await seen.close();
    },
    180_000,
  );

  itInChromium('opens by a link that is pressed as soon as it is there', async () => {
    const hasty = await suite.newTab();
    await hasty.goto('/chat', key);
    await hasty.page.addInitScript(`
      new MutationObserver((_, observer) => {
        const link = document.querySelector('nav a[href="/studio/sessions"]');
        if (link === null) return;
        observer.disconnect();
        link.click();
      }).observe(document, { childList: true, subtree: true });`);
    await hasty.goto('/chat');
    await hasty.page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await hasty.close();
  });

  itInChromium('is reached and used with the keyboard alone', async () => {
    const { page } = await suite.visit('/chat');
    await page.getByLabel('Your message').waitFor();
    await page.keyboard.press('Tab');
    expect(await suite.tab.focused()).toBe('Skip to the page');
    await suite.tab.press('Runs', 'Enter');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await suite.tab.tabTo(/^[0-9a-f-]{12}…$/);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await suite.tab.press('Show the events', 'Enter');
    await page.getByText(/\d events/).waitFor();
    await suite.tab.press('run.started', 'Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${host.url}/studio/chat`);
    await suite.tab.tabTo(/^Your message$/);
    await page.keyboard.type('call pay');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await suite.tab.press('Approve', 'Space');
    expect(await suite.tab.answered()).toContain('Done: paid 5');
  });
});
