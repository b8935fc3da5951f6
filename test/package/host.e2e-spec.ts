import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  NotFoundException,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Agent, AgentModule } from '../../src/index.js';
import { ScriptedModel } from '../../src/testing/index.js';
import { chat, send, type Target } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { deltasOf, openStream } from '../support/clients/sse.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

@Controller('own')
class OwnController {
  @Get()
  get(): { own: boolean } {
    return { own: true };
  }

  @Get('missing')
  missing(): never {
    throw new NotFoundException('No such thing here.');
  }

  @Get('broken')
  broken(): never {
    throw new Error('a secret');
  }

  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

/** A host's guard, which refuses calls without a key. */
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    if (headers['x-key'] === 'good') return true;
    throw new UnauthorizedException('Bring a key.');
  }
}

const KEY = { headers: { 'x-key': 'good' } };

let folder: string;
let app: NestFastifyApplication;
let host: Target;
const model = new ScriptedModel(...Array.from({ length: 10 }, () => 'Good morning.'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-host-'));
  const module = await Test.createTestingModule({
    imports: [
      AgentModule.forRoot({
        model,
        databaseUrl: `file:${join(folder, 'rookery.db')}`,
        rateLimit: { requests: 1000, windowSeconds: 60 },
      }),
    ],
    controllers: [OwnController],
    providers: [AssistantAgent],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalGuards(new KeyGuard());
  await app.listen(0, '127.0.0.1');
  host = { url: await app.getUrl() };
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('our routes in the application of a host', () => {
  it('answer a chat', async () => {
    const answer = await chat(host, { message: 'hello' }, KEY);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ reply: 'Good morning.', model: 'scripted', tokens_used: 15 });
    expect(answer.headers).toMatchObject({ ratelimit: expect.stringMatching(/r=\d+/) });
  });

  it('answer a stream', async () => {
    const stream = await openStream(host, { message: 'hello' }, KEY);
    const events = await stream.rest();

    expect(stream.headers.get('x-request-id')).toMatch(/\S/);
    expect(deltasOf(events)).toBe('Good morning.');
    expect(events.at(-1)?.event).toBe('run.completed');
  });

  it('list roles and sessions', async () => {
    expect((await send(host, 'GET /api/v1/agent/roles', KEY)).body).toMatchObject({ items: [{ role: 'assistant' }] });
    expect((await send(host, 'GET /api/v1/agent/sessions', KEY)).status).toBe(200);
  });

  it.each([
    'POST /api/v1/agent/chat',
    'POST /api/v1/agent/chat/stream',
    'GET /api/v1/agent/roles',
    'GET /api/v1/agent/sessions',
    'DELETE /api/v1/agent/sessions/s',
  ])("answer refusals of %s by the host's guard as an ErrorResponse with unauthenticated", async (call) => {
    const asked = model.requests.length;
    const body = call.startsWith('POST') ? { message: 'hello' } : undefined;

    const answer = await send(host, call, { body, headers: { 'x-request-id': 'r-1' } });

    expectError(answer, 401, 'unauthenticated');
    expect(answer.headers['x-request-id']).toBe('r-1');
    expect(model.requests).toHaveLength(asked);
  });

  it('still refuse invalid input', async () => {
    expectError(await chat(host, { message: '', more: 1 }, KEY), 422, 'validation_failed');
    expectError(await send(host, 'GET /api/v1/agent/sessions/unknown', KEY), 404, 'session_not_found');
  });
});

describe("the host's own routes", () => {
  it.each([
    { call: 'GET /own/missing', headers: KEY.headers, status: 404, body: notFound('No such thing here.') },
    {
      call: 'GET /own/broken',
      headers: KEY.headers,
      status: 500,
      body: { statusCode: 500, message: 'Internal server error' },
    },
    {
      call: 'GET /own',
      headers: {},
      status: 401,
      body: { statusCode: 401, error: 'Unauthorized', message: 'Bring a key.' },
    },
    { call: 'GET /nowhere', headers: KEY.headers, status: 404, body: notFound('Cannot GET /nowhere') },
  ])('keep the error format of Nest: $call', async ({ call, headers, status, body }) => {
    const answer = await send(host, call, { headers });

    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(body);
  });

  it('are not counted, checked or marked', async () => {
    const { headers, body } = await send(host, 'GET /own', KEY);
    const echoed = await send(host, 'POST /own', { ...KEY, body: { anything: { goes: [1, 2] }, more: 1 } });

    expect(body).toEqual({ own: true });
    for (const name of ['ratelimit', 'ratelimit-policy', 'x-request-id', 'cache-control']) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(echoed.body).toEqual({ anything: { goes: [1, 2] }, more: 1 });
  });
});

function notFound(message: string) {
  return { statusCode: 404, error: 'Not Found', message };
}
