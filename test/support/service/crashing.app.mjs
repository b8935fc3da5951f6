// A host application with tools that kill its process. It runs as a child process of a test: see crashing.host.ts.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Agent, AgentModule, Tool } from '../../../dist/index.js';

const { MODEL_URL, DATABASE_URL, REDIS_URL, PORT, GATES } = process.env;
const POLL_MS = 10;

/** Waits until the test opens the gate, which is a file. */
async function opened(gate, signal) {
  while (!existsSync(`${GATES}/${gate}`)) await sleep(POLL_MS, undefined, { signal });
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

/** Kills the process between two steps, when it checks an answer. */
class DeadlyGuardrail {
  async checkInput() {
    return undefined;
  }

  async checkOutput({ text }) {
    return text.includes('deadly words') ? await die() : undefined;
  }
}

class WorkerAgent {
  async die(_, { signal }) {
    await opened('die', signal);
    return await die();
  }

  /** Not idempotent. */
  payAndDie() {
    return die();
  }

  look() {
    return 'seen';
  }

  async wait(_, { signal }) {
    await opened('wait', signal);
    return 'waited';
  }
}

class LeadAgent {}

const decorate = (method, options) =>
  Tool({ input: z.object({}), timeoutMs: 60_000, ...options })(
    WorkerAgent.prototype,
    method,
    Object.getOwnPropertyDescriptor(WorkerAgent.prototype, method),
  );
decorate('die', { description: 'Kills the process.', idempotent: true });
decorate('payAndDie', { description: 'Pays and kills the process.', name: 'pay' });
decorate('look', { description: 'Looks.', idempotent: true });
decorate('wait', { description: 'Takes long.', idempotent: true });
Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.', guardrails: [DeadlyGuardrail] })(WorkerAgent);
Agent({ role: 'lead', description: 'Asks others.', instructions: 'Ask.', agents: ['assistant'] })(LeadAgent);

class AppModule {}
Module({
  imports: [
    AgentModule.forRoot({
      model: { baseUrl: `${MODEL_URL}/v1` },
      databaseUrl: DATABASE_URL,
      redisUrl: REDIS_URL,
      rateLimit: { requests: 0, windowSeconds: 1 },
    }),
  ],
  providers: [DeadlyGuardrail, WorkerAgent, LeadAgent],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error', 'warn'] });
await app.listen(Number(PORT), '127.0.0.1');
process.stdout.write('listening\n');
