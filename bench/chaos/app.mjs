// An example host application that is killed during the bench. Its agent's tools have their effects in the ledger,
// outside the process.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Agent, AgentHealth, AgentModule, Tool } from '../../dist/index.js';
import { ReplicaId } from '../../dist/runs/recovery/replica.id.js';

const { LEDGER_URL, DATABASE_URL, REDIS_URL, PORT, CONCURRENCY, ROLE, AUTH } = process.env;

class PayingAgent {
  /** Has its effect first and then waits: a process killed meanwhile does not know the outcome. */
  async take(kind, { amount }, { idempotencyKey, signal }) {
    const answer = await fetch(`${LEDGER_URL}/effects`, {
      method: 'POST',
      body: JSON.stringify({ key: idempotencyKey, kind, amount }),
      signal,
    });
    return await answer.text();
  }

  pay(input, context) {
    return this.take('pay', input, context);
  }

  note(input, context) {
    return this.take('note', input, context);
  }
}

const input = z.object({ amount: z.number() });
const decorate = (name, options) =>
  Tool({ input, ...options })(
    PayingAgent.prototype,
    name,
    Object.getOwnPropertyDescriptor(PayingAgent.prototype, name),
  );
decorate('pay', { description: 'Pays.' });
decorate('note', { description: 'Notes.', idempotent: true });
Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })(PayingAgent);

class AppModule {}
Module({
  imports: [
    AgentModule.forRoot({
      model: { baseUrl: `${LEDGER_URL}/v1` },
      databaseUrl: DATABASE_URL,
      redisUrl: REDIS_URL,
      taskConcurrency: Number(CONCURRENCY),
      role: ROLE,
      auth: AUTH,
      maxOutputTokens: 64,
      rateLimit: { requests: 0, windowSeconds: 1 },
      maxStreamsPerCaller: 0,
      shutdownTimeoutMs: 3000,
    }),
  ],
  providers: [PayingAgent],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter({ return503OnClosing: false }), {
  logger: ['error', 'warn'],
});
// Nest would end the process by the signal itself, but Node writes a profile only on a regular exit.
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
const health = app.get(AgentHealth);
app
  .getHttpAdapter()
  .getInstance()
  .get('/ready', async (_, reply) => reply.code((await health.check()).isReady ? 200 : 503).send());
await app.listen(Number(PORT), '127.0.0.1');
process.stdout.write(`listening as ${app.get(ReplicaId).id}\n`);
