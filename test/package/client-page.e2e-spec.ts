import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inPage, itInChromium } from '../support/clients/chromium.js';
import { removeServices, startService } from '../support/service/service.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(`${ROOT}docs/clients.md`, 'utf8');
const [, html = ''] = /^```html\n(.*?)^```$/ms.exec(guide) ?? [];
const bundle = await bundled();

afterAll(removeServices);

describe('the client for browsers', () => {
  it('has at most the size that the guide states', () => {
    const stated = /has at most (\d+) kB, compressed (\d+) kB/.exec(guide)?.slice(1).map(Number) ?? [];
    const sizes = [bundle, gzipSync(bundle)].map(({ length }) => length / 1000);

    expect(stated).toHaveLength(2);
    // The guide does not exaggerate either.
    for (const [index, most] of stated.entries()) {
      expect(sizes[index]).toBeLessThanOrEqual(most);
      expect(sizes[index]).toBeGreaterThan(most / 2);
    }
  });

  itInChromium('runs the page of the guide', async () => {
    let page = html;
    const pages = createServer(({ url }, response) => {
      const isScript = url === '/rookery.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(isScript ? bundle : page);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    try {
      const origin = `http://127.0.0.1:${portOf(pages.address())}`;
      const service = await startService({ CORS_ORIGINS: origin });
      page = html.replace('http://127.0.0.1:8000', service.url);

      await inPage(async (browser) => {
        await browser.goto(origin);
        await browser.locator('text=You said: “What is a rookery?”').waitFor({ timeout: 60_000 });
      });
    } finally {
      pages.closeAllConnections();
      pages.close();
    }
  });
});

/** Bundles the built client with the options of the guide's command. */
async function bundled(): Promise<Uint8Array> {
  expect(guide).toContain('esbuild node_modules/rookery/dist/client/index.js --bundle --minify --format=esm');
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}dist/client/index.js`],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server of the page does not listen.');
  return address.port;
}
