import { inPage, itInChromium } from '../support/clients/chromium.js';
import { send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { removeServices, startService } from '../support/service/service.js';

const LINKS = { studio: '/studio', docs: '/docs', openapi: '/openapi.json', health: '/health' };
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

const [open, closed] = await Promise.all([
  startService(),
  startService({ AUTH_MODE: 'api-key', DOCS_PUBLIC: 'false', ALLOWED_HOSTS: 'agents.example.com', STUDIO: 'false' }),
]);

afterAll(removeServices);

describe('GET /', () => {
  it.each([{}, { accept: '*/*' }, { accept: 'application/json' }, { accept: 'text/htmlx' }])(
    'names the service and its links to programs: %j',
    async (headers) => {
      const answer = await send(open, 'GET /', { headers });

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ name: 'Rookery', version: expect.stringMatching(/^\d+\.\d+\.\d+/), links: LINKS });
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  it('has links that the service answers', async () => {
    for (const path of Object.values(LINKS)) expect((await send(open, `GET ${path}`)).status).toBe(200);
  });

  it('sends a browser to Studio', async () => {
    const { status, headers } = await send(open, 'GET /', { headers: BROWSER });
    expect([status, headers.location]).toEqual([302, '/studio']);
  });

  it('is a page without scripts in a browser, if Studio is off', async () => {
    const { status, headers, text } = await send(closed, 'GET /', { headers: BROWSER });

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+';.*frame-ancestors 'none'$/,
    );
    expect(text).not.toMatch(/<script|\son\w+=/i);
  });

  it('needs no credentials, and keeps the version if the documentation is not public', async () => {
    const { studio: _, ...links } = LINKS;
    expect((await send(closed, 'GET /')).body).toEqual({ name: 'Rookery', links });
    expect((await send(closed, 'GET /', { headers: BROWSER })).text).not.toContain('Version');
  });

  it('refuses foreign pages, foreign hosts and other methods', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expectError(await send(open, 'GET /', { headers: { ...BROWSER, ...foreign } }), 403, 'forbidden');
    expectError(await send(open, 'GET /', { headers: { origin: 'https://evil.example' } }), 403, 'forbidden');
    for (const service of [open, closed]) {
      const refused = await send(service, 'GET /', { headers: { ...BROWSER, host: 'evil.example' } });
      expectError(refused, 403, 'forbidden');
    }
    const link = { ...foreign, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await send(open, 'GET /', { headers: { ...BROWSER, ...link } })).status).toBe(302);
    const framed = { ...link, 'sec-fetch-dest': 'iframe' };
    expectError(await send(open, 'GET /', { headers: { ...BROWSER, ...framed } }), 403, 'forbidden');
    expectError(await send(open, 'POST /', { body: {} }), 405, 'method_not_allowed');
  });

  itInChromium('leads a person to Studio, or else to the documentation', async () => {
    const complaints: string[] = [];
    const allowed = await startService({ STUDIO: 'false' });
    await inPage(async (page) => {
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(open.url);
      await page.waitForURL('**/studio');
      await page.getByRole('heading', { name: 'New session' }).waitFor();
      await page.getByText('OPENAI_API_KEY').waitFor();
      await page.goto(allowed.url);
      expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
      await page.getByRole('link', { name: 'Documentation' }).click();
      await page.waitForURL('**/docs');
    });
    expect(complaints).toEqual([]);
  });
});
