import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { fileURLToPath } from 'node:url';
import { StudioModule } from '../../src/studio/index.js';
import { expectError } from '../support/clients/expect-error.js';
import { send } from '../support/clients/client.js';
import { removeServices, startService } from '../support/service/service.js';

const BUILT = fileURLToPath(new URL('../../dist/studio', import.meta.url));
const MAX_SCRIPT_BYTES = 200 * 1024;

const service = await startService();

afterAll(removeServices);

/** The paths of the scripts and styles that the page loads at first. */
function assetsOf(page: string): string[] {
  return Array.from(page.matchAll(/(?:src|href)="(\/studio\/assets\/[^"]+)"/g), ([, path = '']) => path);
}

describe('/studio', () => {
  it('is a page without inline scripts, under a strict policy, at each of its paths', async () => {
    for (const path of ['/studio', '/studio/chat', '/studio/runs/f3b1c1de']) {
      const { status, headers, text } = await send(service, `GET ${path}`);
      expect([path, status, headers['content-type'], headers['cache-control']]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ]);
      expect(String(headers['content-security-policy']).split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "img-src 'self' data: blob:",
          "connect-src 'self'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ]),
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:/);
      expect(text).not.toMatch(/<script(?![^>]* src=)|\son\w+=|<style/i);
    }
  });

  it('loads at most 200 KiB of compressed script, which browsers keep for a year', async () => {
    const assets = assetsOf((await send(service, 'GET /studio')).text);
    expect(assets.length).toBeGreaterThan(1);
    let bytes = 0;
    for (const path of assets) {
      const answer = await fetch(service.url + path, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      if (path.endsWith('.js')) bytes += Number(answer.headers.get('content-length'));
      await answer.body?.cancel();
    }
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(MAX_SCRIPT_BYTES);
  });

  it('has no other files, and refuses foreign pages', async () => {
    for (const name of ['missing.js', '..%2Findex.js', '%2e%2e%2fstudio.module.js', 'index.js']) {
      expectError(await send(service, `GET /studio/assets/${name}`), 404, 'not_found');
    }
    const framed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    expectError(await send(service, 'GET /studio', { headers: framed }), 403, 'forbidden');
    expect((await send(service, 'GET /studio', { headers: { ...framed, 'sec-fetch-dest': 'document' } })).status).toBe(
      200,
    );
    expectError(await send(service, 'POST /studio', { body: {} }), 405, 'method_not_allowed');
  });

  it('does not exist if it is off', async () => {
    const closed = await startService({ STUDIO: 'false' });
    expectError(await send(closed, 'GET /studio'), 404, 'not_found');
    expect((await send(closed, 'GET /')).body.links).not.toHaveProperty('studio');
  });
});

describe('StudioModule', () => {
  it.each([
    ['Fastify', () => new FastifyAdapter()],
    ['Express', () => new ExpressAdapter()],
  ])('serves the same files on %s, under any global prefix', async (_, adapter) => {
    const module = await Test.createTestingModule({ imports: [StudioModule.forRoot({ folder: BUILT })] }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(adapter(), { logger: false });
    app.setGlobalPrefix('internal');
    await app.listen(0, '127.0.0.1');
    try {
      const host = { url: await app.getUrl() };
      const page = await send(host, 'GET /studio');
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      for (const path of ['/studio/', '/studio/runs/1']) expect((await send(host, `GET ${path}`)).text).toBe(page.text);
      const script = assetsOf(page.text).find((path) => path.endsWith('.js')) ?? '';
      const plain = await fetch(host.url + script, { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
      const compressed = await fetch(host.url + script);
      expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(compressed.headers.get('content-encoding')).toBe('gzip');
      expect(await compressed.text()).toBe(await plain.text());
      expectError(await send(host, 'GET /studio/assets/other.js'), 404, 'not_found');
    } finally {
      await app.close();
    }
  });

  it('says which files are missing', async () => {
    const compiling = Test.createTestingModule({ imports: [StudioModule.forRoot({ folder: '/nowhere' })] }).compile();
    await expect(compiling).rejects.toThrow(
      '/nowhere/index.html does not exist. Set folder to the built files of Studio',
    );
  });
});
