import { INSECURE_HOST, itInChromium } from '../support/clients/chromium.js';
import type { StudioPage } from '../support/clients/studio.page.js';
import { StudioSuite } from '../support/clients/studio.suite.js';
import { TcpProxy } from '../support/servers/tcp.proxy.js';
import { until } from '../support/until.js';

const WORDS = /word\d+/g;

const suite = await StudioSuite.start();
const { host, key } = suite;

afterAll(() => suite.close());

/** The shared tab, with a new session. */
async function signedIn(): Promise<StudioPage> {
  const tab = await suite.visit('/chat');
  tab.complaints.length = 0;
  return tab;
}

describe('the credentials', () => {
  itInChromium('are asked for, refused if wrong, and kept in the tab alone', async () => {
    const other = await suite.newTab();
    await other.goto('/chat');
    await other.page.getByLabel('API key or token').fill('rookery_wrong');
    await other.page.getByRole('button', { name: 'Open Studio' }).click();
    await other.page.getByText('does not accept these credentials').waitFor();
    await other.page.getByLabel('API key or token').fill(key);
    await other.page.keyboard.press('Enter');
    await other.ask('hello');
    expect(await other.answered()).toContain('You said: hello');

    expect(other.requests.filter((url) => url.includes(key.slice(-20)))).toEqual([]);
    expect(await other.page.evaluate('location.href + document.cookie + JSON.stringify(localStorage)')).not.toContain(
      key,
    );
    await other.page.reload();
    await other.page.getByRole('navigation').waitFor();
    await other.page.getByRole('button', { name: 'Sign out' }).click();
    await other.page.getByLabel('API key or token').waitFor();
    expect(await other.page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
    await other.close();
  });

  itInChromium('end with the key, and the page says so', async () => {
    const made = await host.key();
    const studio = await suite.newTab();
    await studio.goto('/runs', made.key);
    await studio.page.getByRole('heading', { name: 'Runs' }).waitFor();
    await host.revoke(made.key_id);
    await studio.page.getByText('expired or revoked').waitFor();
    await studio.close();
  });

  itInChromium('that a header cannot carry lead back to the form', async () => {
    const studio = await suite.newTab();
    await studio.goto('/chat');
    await studio.page.getByLabel('API key or token').fill('“rookery_quoted”');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('button', { name: 'Sign in with other credentials' }).click();
    await studio.page.getByLabel('API key or token').fill(key);
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await studio.close();
  });

  itInChromium('of a caller that only chats suffice to chat, also without TLS', async () => {
    const { key: secret } = await host.key('acme', ['chat']);
    const studio = await suite.newTab(`http://${INSECURE_HOST}:${new URL(host.url).port}`);
    await studio.goto('/chat', secret);
    await studio.page.getByText('earlier sessions are not listed').waitFor();
    await studio.ask('hello');
    expect(await studio.answered()).toContain('You said: hello');
    await studio.page.reload();
    await studio.page.getByLabel('Your message').waitFor();
    await studio.close();
  });

  itInChromium('show only the data of their tenant', async () => {
    const { key: secret } = await host.key('umbrella');
    const studio = await suite.newTab();
    await studio.goto('/chat', secret);
    await studio.ask('private');
    await studio.answered();
    const { pathname } = new URL(studio.page.url());
    await studio.close();

    const other = await signedIn();
    await other.page.getByRole('link', { name: 'hello' }).first().waitFor();
    expect(await other.page.getByText('private').count()).toBe(0);
    await other.goto(pathname.replace('/studio', ''));
    await other.page.getByText('does not exist').first().waitFor();
  });
});

describe('an answer', () => {
  itInChromium('is shown as Markdown, with code to copy and without a complaint of the browser', async () => {
    const studio = await signedIn();
    await studio.ask('markdown');
    await studio.answered();
    expect(await studio.answer.getByRole('heading', { name: 'Title' }).count()).toBe(1);
    expect(await studio.answer.locator('strong, table, li').allInnerTexts()).toEqual(
      expect.arrayContaining(['bold', 'one', 'two']),
    );
    expect(await studio.answer.getByRole('link', { name: 'link' }).getAttribute('rel')).toContain('noopener');
    await studio.answer.getByRole('button', { name: 'Copy the code' }).click();
    await studio.answer.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await studio.page.evaluate('navigator.clipboard.readText()')).toBe('const a = 1;');
    expect(studio.complaints).toEqual([]);
  });

  itInChromium('has its tool calls with arguments, result and time', async () => {
    const studio = await signedIn();
    await studio.ask('call wait');
    await studio.answered();
    const tool = studio.answer.locator('details.tool');
    expect(await tool.locator('summary').innerText()).toMatch(/wait[\s\S]*\{\}[\s\S]*\d ms/);
    await tool.locator('summary').click();
    expect(await tool.getByRole('region', { name: 'Result of wait' }).innerText()).toBe('waited');
    await studio.ask('call fail');
    await studio.answered();
    expect(await studio.answer.locator('details.tool summary').innerText()).toContain('failed');
  });

  itInChromium('stops if the person wants it', async () => {
    const studio = await signedIn();
    await studio.ask('count 3000');
    await studio.answer.getByText('word20 ').waitFor();
    await studio.page.getByRole('button', { name: 'Stop' }).click();
    expect(await studio.answered()).toContain('Stopped');
  });

  itInChromium('goes on after a reload, without a gap', async () => {
    const studio = await signedIn();
    await studio.ask('count 150');
    await studio.answer.getByText('word20 ').waitFor();
    await studio.page.reload();
    expect((await studio.answered()).match(WORDS)).toHaveLength(150);
    await studio.page.reload();
    await studio.answer.getByText('word150').waitFor();
    expect((await studio.answer.innerText()).match(WORDS)).toHaveLength(150);
    expect(await studio.page.getByRole('article', { name: 'Question' }).count()).toBe(1);
  });

  itInChromium('goes on after the network was lost', async () => {
    const proxy = await TcpProxy.to(Number(new URL(host.url).port));
    const studio = await suite.newTab(`http://127.0.0.1:${proxy.port}`);
    await studio.goto('/chat', key);
    await studio.ask('count 200');
    await studio.answer.getByText('word20 ').waitFor();
    await studio.context.setOffline(true);
    proxy.cut();
    await studio.page.getByText('The connection is lost. The').waitFor();
    proxy.mend();
    await studio.context.setOffline(false);
    expect((await studio.answered()).match(WORDS)).toHaveLength(200);
    await studio.close();
    await proxy.close();
  });

  itInChromium('can be asked for again in a new session, and copied as a program', async () => {
    const studio = await signedIn();
    await studio.ask("it's me");
    await studio.answered();
    const first = studio.page.url();
    await studio.answer.getByRole('button', { name: 'Copy as curl' }).click();
    const curl = String(await studio.page.evaluate('navigator.clipboard.readText()'));
    expect(curl).toContain(`'${host.url}/api/v2/agent/chat'`);
    expect(curl).toContain(String.raw`it'\''s me`);
    expect(curl).not.toContain(key);
    await studio.answer.getByRole('button', { name: 'Copy as TypeScript' }).click();
    expect(await studio.page.evaluate('navigator.clipboard.readText()')).toContain('client.streamV2(request)');
    await studio.answer.getByRole('button', { name: 'Ask again' }).click();
    await until('another session has begun', () => /\/chat\/.+/.test(studio.page.url()) && studio.page.url() !== first);
    expect(await studio.answered()).toContain("You said: it's me");
  });

  itInChromium('cannot run scripts, load pictures or follow a dangerous link', async () => {
    const studio = await signedIn();
    await studio.ask('hostile');
    await studio.answered();
    await studio.ask('call look');
    await studio.answered();
    await studio.answer.locator('details.tool summary').click();
    expect(await studio.answer.getByRole('region', { name: 'Result of look' }).innerText()).toContain('<script>');
    expect(await studio.page.evaluate('window.hacked')).toBeUndefined();
    expect(await studio.page.locator('article img, article script, article svg[onload]').count()).toBe(0);
    const links = await studio.page
      .locator('.markdown a')
      .evaluateAll((found) => found.map((each) => each.getAttribute('href')));
    expect(links).toEqual(['https://evil.example/?q=secret', 'https://evil.example/auto']);
    expect(studio.requests.filter((url) => url.includes('evil.example'))).toEqual([]);
    expect(studio.complaints).toEqual([]);
  });

  itInChromium('shows the name of a picture as text, and the error of a request with its id', async () => {
    const studio = await signedIn();
    const buffer = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const name = '<img src=x onerror=window.hacked=1>.png';
    await studio.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });
    await studio.page.getByText(name).waitFor();
    await studio.ask('look');
    await studio.answered();
    expect(await studio.page.getByAltText('Attached picture').count()).toBe(1);
    expect(await studio.page.evaluate('window.hacked')).toBeUndefined();

    await studio.page.getByText('Options').click();
    await studio.page.getByLabel('JSON Schema').fill('{"type":"array"}');
    await studio.ask('a list');
    expect(await studio.answered()).toMatch(/validation_failed[\s\S]*Request [0-9a-f-]{36}/);
    await studio.page.getByLabel('JSON Schema').fill('{');
    await studio.ask('a list');
    await studio.page.getByText('not valid JSON').waitFor();
  });

  itInChromium('leaves no memory behind after fifty streams', async () => {
    const studio = await signedIn();
    const { page, context } = studio;
    const debuggee = await context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await debuggee.send('HeapProfiler.collectGarbage');
      const { usedSize } = await debuggee.send('Runtime.getHeapUsage');
      return usedSize;
    };
    const stream = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const before = page.url();
        await studio.answer.getByRole('button', { name: 'Ask again' }).click();
        await page.waitForURL(({ href }) => href !== before && /\/chat\/.+/.test(href));
        await studio.answered();
      }
    };
    await studio.ask('count 50 at once');
    await studio.answered();
    await stream(5);
    const before = await heap();
    await stream(50);
    expect((await heap()) - before).toBeLessThan(2 ** 20);
  });
});
