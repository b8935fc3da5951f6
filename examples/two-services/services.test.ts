import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NestFactory } from '@nestjs/core';
import { ScriptedModel } from 'rookery/testing';
import { startPoet } from './poet.service.js';
import { Shop, shopModule } from './shop.service.js';

void test('the shop gets a verse, and the same one if it asks again', async (context) => {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'two-services-'));
  const model = new ScriptedModel('A feeder bright, a bird’s delight.');
  const poet = await startPoet(port, { model, databaseUrl: `file:${folder}/poet.db`, auth: 'none' });
  const shop = await NestFactory.createApplicationContext(shopModule(port), { logger: false });
  context.after(async () => {
    await shop.close();
    await poet.close();
    await rm(folder, { recursive: true });
  });
  assert.equal(await shop.get(Shop).praise('feeder', 'order-1'), 'A feeder bright, a bird’s delight.');
  assert.equal(await shop.get(Shop).praise('feeder', 'order-1'), 'A feeder bright, a bird’s delight.');
  assert.equal(model.requests.length, 1);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
