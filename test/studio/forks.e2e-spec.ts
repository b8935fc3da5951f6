import type { Locator } from 'playwright-core';
import { itInChromium } from '../support/clients/chromium.js';
import { StudioSuite } from '../support/clients/studio.suite.js';
import { HOSTILE } from '../support/service/studio.host.js';

const TOOLS = JSON.stringify([{ name: 'get_weather', description: HOSTILE, parameters: { type: 'object' } }]);
const EDIT = 'Edit and ask again';

const suite = await StudioSuite.start();
const { client } = suite;

afterAll(() => suite.close());

/** Asks these questions in a session of their own. */
async function talk(session_id: string, ...messages: string[]): Promise<void> {
  for (const message of messages) await client.chat({ message, session_id });
}

const questions = () => suite.tab.page.getByRole('article', { name: 'Question' });
const question = (text: string): Locator => questions().filter({ hasText: text });
const texts = async () => (await questions().locator('.question').allInnerTexts()).map((text) => text.trim());

/** The URL of a session other than this one. */
async function anotherThan(session: string): Promise<string> {
  await suite.tab.page.waitForURL(({ pathname }) => /\/chat\/.+/.test(pathname) && !pathname.endsWith(`/${session}`));
  return new URL(suite.tab.page.url()).pathname;
}

describe('a question', () => {
  itInChromium('is asked again in other words, in a fork of its session, with the keyboard alone', async () => {
    await talk('parent', 'one', 'two', 'three');
    const { page } = await suite.visit('/chat/parent');
    await question('two').getByRole('button', { name: EDIT }).focus();
    await page.keyboard.press('Enter');
    expect(await suite.tab.focused()).toBe('Edited question');
    await page.keyboard.press('Escape');
    expect(await suite.tab.focused()).toBe(EDIT);
    await page.keyboard.press('Space');
    expect(await page.getByLabel('Edited question').inputValue()).toBe('two');
    expect(await suite.tab.violations()).toEqual([]);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('other');
    const arrival = await suite.tab.hold('/api/v2/agent/chat');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'A new session begins here.' }).waitFor({ state: 'attached' });
    expect(await suite.tab.focused()).toBe('Your message');
    arrival.open();
    expect(await suite.tab.answered()).toContain('You said: other');
    expect(await texts()).toEqual(['one', 'other']);

    const fork = await anotherThan('parent');
    await page.reload();
    await question('other').waitFor();
    expect(await texts()).toEqual(['one', 'other']);
    await page.getByRole('link', { name: 'other' }).waitFor();
    await page.getByRole('link', { name: 'Fork of' }).press('Enter');
    await question('three').waitFor();
    expect(await client.sessions.getV2(fork.split('/').at(-1) ?? '')).toMatchObject({ forked_session_id: 'parent' });
  });

  itInChromium('begins anew if it is the first one', async () => {
    await talk('first', 'uno', 'due');
    await suite.visit('/chat/first');
    await question('uno').getByRole('button', { name: EDIT }).click();
    await suite.tab.page.getByLabel('Edited question').fill('eins');
    await suite.tab.page.getByRole('button', { name: 'Ask again', exact: true }).click();
    expect(await suite.tab.answered()).toContain('You said: eins');
    await anotherThan('first');
    expect(await texts()).toEqual(['eins']);
    expect(await suite.tab.page.getByRole('link', { name: 'Fork of' }).count()).toBe(0);
  });

  itInChromium('is asked again from the page of its session, which a fork leads to', async () => {
    await talk('paged', 'red', 'green', HOSTILE);
    const { page } = await suite.visit('/sessions/paged');
    await question('onerror').getByRole('button', { name: EDIT }).click();
    expect(await page.getByLabel('Edited question').inputValue()).toBe(HOSTILE);
    expect(await suite.tab.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await suite.tab.answered();
    expect(await texts()).toEqual(['red', 'green', HOSTILE]);
    const fork = await anotherThan('paged');
    await page.getByRole('link', { name: HOSTILE }).first().waitFor();
    await suite.tab.goto(fork.replace('/studio/chat', '/sessions'));
    await page.getByText('Fork of').waitFor();
    expect(await page.getByRole('region', { name: 'Facts' }).innerText()).toContain(HOSTILE);
    await page.getByRole('link', { name: 'paged' }).click();
    await page.getByRole('heading', { name: 'paged' }).waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  itInChromium('shows what its fork inherits after a reload, while the run goes on', async () => {
    await talk('paused', 'one', 'two');
    const { page } = await suite.visit('/chat/paused');
    await question('two').getByRole('button', { name: EDIT }).click();
    await page.getByLabel('Edited question').fill('call pay');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await anotherThan('paused');
    await page.reload();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await question('one').waitFor();
    expect(await texts()).toEqual(['one', 'call pay']);
    await page.getByRole('link', { name: 'Fork of' }).waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await suite.tab.answered()).toContain('Done: paid 5');
  });

  itInChromium('says why it cannot be asked again, with the id of the request', async () => {
    await talk('gone', 'before', 'after');
    const { page } = await suite.visit('/chat/gone');
    await question('after').getByRole('button', { name: EDIT }).click();
    await client.sessions.delete('gone');
    await page.keyboard.press('Enter');
    expect(await suite.tab.answered()).toMatch(/run_not_found[\s\S]*Request [0-9a-f-]{36}/);
  });
});

describe('a tool of the caller', () => {
  const card = () => suite.tab.page.getByRole('form', { name: 'Calls of your tools' });

  itInChromium('is called by hand: the results of all calls go on together', async () => {
    const { page } = await suite.visit('/chat');
    await page.getByText('Options').click();
    await page.getByLabel('Tools that you execute').fill('[{"name": "get weather"}]');
    await suite.tab.ask('call get_weather twice');
    await page.getByText('Tool 1 needs a "name"').waitFor();
    await page.getByLabel('Tools that you execute').fill(TOOLS);
    await suite.tab.ask('call get_weather twice');
    await card().waitFor();
    await page.getByRole('status').filter({ hasText: 'waits for the results' }).waitFor({ state: 'attached' });
    const hostile = card().getByRole('region', { name: 'Arguments of get_weather 1' });
    expect(await hostile.innerText()).toContain('<script>');
    expect(await suite.tab.violations()).toEqual([]);

    await suite.tab.tabTo(/^Arguments of get_weather 1$/);
    await page.keyboard.press('Tab');
    await page.keyboard.type('{"celsius": 7}');
    await suite.tab.press('Send the results', 'Enter');
    await card().getByText('Write a result for get_weather 2.').waitFor();
    await card().getByLabel('The call of get_weather 2 failed').check();
    await card().getByLabel('Why get_weather 2 failed').fill(HOSTILE);
    await suite.tab.press('Send the results', 'Enter');
    expect(await suite.tab.focused()).toBe('Your message');
    await card().waitFor({ state: 'detached' });
    expect(await suite.tab.answered()).toContain('You said:');
    expect(await suite.tab.answer.locator('details.tool summary').allInnerTexts()).toEqual([
      expect.stringMatching(/get_weather/),
      expect.stringMatching(/get_weather[\s\S]*failed/),
    ]);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  itInChromium('waits for its result after a reload too', async () => {
    await suite.visit('/chat');
    await suite.tab.ask('call get_weather');
    await card().waitFor();
    await suite.tab.page.reload();
    await card().getByLabel('Result of get_weather').fill('{"celsius": 8}');
    await card().getByRole('button', { name: 'Send the results' }).click();
    await card().waitFor({ state: 'detached' });
    expect(await suite.tab.answered()).toContain('Done: {"celsius": 8}');
  });

  itInChromium('is given up with the button, or with a message', async () => {
    await suite.visit('/chat');
    await suite.tab.ask('call get_weather');
    await card().getByRole('button', { name: 'Go on without the missing' }).click();
    await card().waitFor({ state: 'detached' });
    expect(await suite.tab.answered()).toContain('abandoned');
    await suite.tab.ask('call get_weather');
    await card().waitFor();
    await suite.tab.ask('never mind');
    await card().waitFor({ state: 'detached' });
    expect(await suite.tab.answered()).toContain('You said: never mind');
  });
});
