import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createTestApp, ScriptedModel } from 'rookery/testing';
import { AppModule } from './app.module.js';
import { Stock, StockAgent } from './stock.agent.js';

const headers = { 'content-type': 'application/json', 'x-badge': 'b-1' };

for (const adapter of [new ExpressAdapter(), new FastifyAdapter()]) {
  void test(`the guard of the application protects its routes and the agents: ${adapter.getType()}`, async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'nest-host-'));
    Object.assign(process.env, { BADGE: 'b-1', AGENT_DATABASE_URL: `file:${folder}/host.db` });
    const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
    context.after(async () => {
      await app.close();
      await rm(folder, { recursive: true });
    });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const body = JSON.stringify({ message: 'Hello' });
    const chat = (sent: Record<string, string>) =>
      fetch(`${url}/api/v1/agent/chat`, { method: 'POST', headers: { ...headers, ...sent }, body });
    assert.equal((await chat({ 'x-badge': 'another' })).status, 403);
    assert.equal((await chat({})).status, 200);
    assert.equal((await fetch(`${url}/stock/nest%20box`)).status, 403);
    assert.deepEqual(await (await fetch(`${url}/stock/nest%20box`, { headers })).json(), {
      item: 'nest box',
      count: 12,
    });
  });
}

for (const [readOnly, told] of [
  ['true', 'Error: order_item failed.'],
  ['false', 'There will be 15.'],
] as const) {
  void test(`a guard with a setting decides about a tool: READ_ONLY=${readOnly}`, async (context) => {
    const model = new ScriptedModel([{ tool: 'order_item', arguments: { item: 'nest box', count: 3 } }], 'Done.');
    const config = { provide: ConfigService, useValue: new ConfigService({ READ_ONLY: readOnly }) };
    const app = await createTestApp({ model, providers: [Stock, StockAgent, config] });
    context.after(() => app.close());
    await app.runner.run({ message: 'Order three' });
    assert.equal(model.requests.at(-1)?.messages.at(-1)?.content, told);
  });
}
