import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AgentModule } from '../../agent.module.js';
import type { RateLimitOptions } from '../../agent.options.js';
import { until } from '../../../test/support/until.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { RateLimiter } from './rate.limiter.js';
import { type WindowCount, WindowStorage } from './window.storage.js';
import { anonymous } from '../../auth/principal.js';

/** Notes each call, and answers once it is released. */
@Injectable()
class SlowStorage extends WindowStorage {
  readonly keys: string[] = [];
  readonly #windows = new FixedWindowStorage();
  #released = Promise.withResolvers<void>();

  async add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    this.keys.push(key);
    await this.#released.promise;
    return await this.#windows.add(key, ttlMs, points);
  }

  release(): void {
    this.#released.resolve();
  }
}

@Controller('orders')
@UseGuards(ThrottlerGuard)
class OrdersController {
  @Get()
  list(): object {
    return { items: [] };
  }
}

let folder: string;
let app: NestFastifyApplication;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'rookery-limits-'))));
afterEach(() => app.close());
afterAll(() => rm(folder, { recursive: true }));

async function start(rateLimit: RateLimitOptions, storage: WindowStorage = new FixedWindowStorage()): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [
      ThrottlerModule.forRoot({ throttlers: [{ name: 'caller', ttl: 60_000, limit: 2 }] }),
      AgentModule.forRoot({ databaseUrl: `file:${join(folder, 'rookery.db')}`, rateLimit }),
    ],
    controllers: [OrdersController],
  })
    .overrideProvider(WindowStorage)
    .useValue(storage)
    .compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
}

const get = (url: string) => app.inject({ method: 'GET', url });

describe('RateLimitGuard', () => {
  it('counts all windows of a request at once', async () => {
    const storage = new SlowStorage();
    await start({ requests: 9, windowSeconds: 60, tenantRequests: 9, tokens: 9, tenantTokens: 9 }, storage);
    const answer = get('/api/v1/agent/roles');
    await until('all windows are asked', () => storage.keys.length === 4);
    storage.release();

    const { headers } = await answer;
    expect(storage.keys).toEqual([
      'default/ip:127.0.0.1',
      'default/',
      '/tokens/default/ip:127.0.0.1',
      '/tokens/default/',
    ]);
    expect(headers['ratelimit-policy']).toBe(
      '"default";q=9;w=60, "tenant";q=9;w=60, "tokens";q=9;w=60;qu="tokens", "tenant-tokens";q=9;w=60;qu="tokens"',
    );
    expect(headers.ratelimit).toBe(
      '"default";r=8;t=60, "tenant";r=8;t=60, "tokens";r=9;t=60, "tenant-tokens";r=9;t=60',
    );
  });

  it('counts a refused request in the window of the tenant too', async () => {
    await start({ requests: 1, windowSeconds: 60, tenantRequests: 9 });
    await get('/api/v1/agent/roles');

    const refused = await get('/api/v1/agent/sessions');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers.ratelimit).toBe('"default";r=0;t=60, "tenant";r=7;t=60');
    expect(refused.headers['retry-after']).toBe('60');
  });

  it('shares its windows with frames and messages', async () => {
    await start({ requests: 2, windowSeconds: 60 });
    const caller = anonymous('127.0.0.1');
    await app.get(RateLimiter, { strict: false }).consume(caller);

    expect((await get('/api/v1/agent/roles')).headers.ratelimit).toBe('"default";r=0;t=60');
    await expect(app.get(RateLimiter, { strict: false }).consume(caller)).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });

  it("leaves the application's own ThrottlerModule alone", async () => {
    await start({ requests: 4, windowSeconds: 60 });
    const own = [await get('/orders'), await get('/orders'), await get('/orders')];
    const ours = [await get('/api/v1/agent/roles'), await get('/api/v1/agent/roles')];

    expect(own.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
    expect(own[0]?.headers).toMatchObject({ 'x-ratelimit-limit-caller': '2' });
    expect(own[0]?.headers).not.toHaveProperty('ratelimit');
    expect(ours.map(({ headers }) => headers.ratelimit)).toEqual(['"default";r=3;t=60', '"default";r=2;t=60']);
    expect(ours[0]?.headers).not.toHaveProperty('x-ratelimit-limit-caller');
  });
});
