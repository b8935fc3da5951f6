import {
  BadRequestException,
  Controller,
  Get,
  HttpException,
  Logger,
  NotFoundException,
  Res,
  UnauthorizedException,
  UseFilters,
} from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyReply } from 'fastify';
import { AgentError } from '../errors/agent.error.js';
import { ErrorFilter } from './error.filter.js';

const { jest } = import.meta;

/** The error of the next request. */
let failure: unknown;

@Controller()
@UseFilters(ErrorFilter)
class FailingController {
  @Get('fail')
  fail(): never {
    throw failure;
  }

  @Get('fail-late')
  failLate(@Res() reply: FastifyReply): never {
    reply.hijack();
    reply.raw.writeHead(200).end('an answer');
    throw failure;
  }
}

let app: NestFastifyApplication;
let logged: unknown[];

beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [FailingController] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(() => app.close());

beforeEach(() => {
  logged = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void logged.push(line));
});

afterEach(() => void jest.restoreAllMocks());

function get(headers: Record<string, string> = {}, url = '/fail') {
  return app.inject({ method: 'GET', url, headers: { 'x-request-id': 'r-1', ...headers } });
}

/** An error in the form that Fastify and its plugins throw. */
function withStatus(statusCode: unknown): Error {
  return Object.assign(new Error('a secret'), { statusCode });
}

describe('ErrorFilter', () => {
  it('answers an AgentError with its status, code, detail and request id', async () => {
    failure = new AgentError('session_not_found', { detail: 'Session "x" does not exist.' });
    const answer = await get();
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'r-1',
    });
    expect(answer.json()).toEqual({
      error: 'session_not_found',
      detail: 'Session "x" does not exist.',
      request_id: 'r-1',
    });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(logged).toEqual([]);
  });

  it('lists the invalid fields of a request', async () => {
    const errors = [{ field: 'temperature', message: 'too hot' }];
    failure = new AgentError('validation_failed', { detail: 'too hot', errors });
    expect((await get()).json()).toEqual({ error: 'validation_failed', detail: 'too hot', request_id: 'r-1', errors });
  });

  it.each([
    [new BadRequestException('a secret'), 400, 'malformed_request'],
    [new UnauthorizedException('a secret'), 401, 'unauthenticated'],
    [new HttpException('a secret', 403), 403, 'forbidden'],
    [new NotFoundException('a secret'), 404, 'not_found'],
    [new HttpException('a secret', 405), 405, 'method_not_allowed'],
    [new HttpException('a secret', 413), 413, 'payload_too_large'],
    [new HttpException('a secret', 415), 415, 'unsupported_media_type'],
    [new HttpException('a secret', 422), 422, 'validation_failed'],
    [new HttpException('a secret', 429), 429, 'rate_limited'],
    [new HttpException('a secret', 418), 418, 'malformed_request'],
    [withStatus(413), 413, 'payload_too_large'],
    [withStatus(416), 416, 'malformed_request'],
    [withStatus(499), 499, 'malformed_request'],
  ])('keeps the status of %p, with our code and detail', async (thrown, status, error) => {
    failure = thrown;
    const answer = await get();
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error, request_id: 'r-1', detail: expect.stringMatching(/\S/) });
    expect(answer.body).not.toContain('a secret');
    expect(logged).toEqual([]);
  });

  it.each([
    [new Error('a secret')],
    [new TypeError('a secret')],
    ['a secret'],
    [undefined],
    [null],
    [{ statusCode: 404, message: 'a secret' }],
    [new HttpException('a secret', 500)],
    [new HttpException('a secret', 503)],
    [withStatus(200)],
    [withStatus(302)],
    [withStatus(502)],
    [withStatus('404')],
  ])('hides %p from the caller and logs it with the request id', async (thrown) => {
    failure = thrown;
    const answer = await get();
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({ error: 'internal_error', detail: expect.any(String), request_id: 'r-1' });
    expect(answer.body).not.toContain('a secret');
    expect(logged).toEqual([expect.objectContaining({ request_id: 'r-1', cause: thrown })]);
  });

  it.each([
    [undefined, '1'],
    [0, '1'],
    [0.2, '1'],
    [-5, '1'],
    [2.1, '3'],
    [86_400, '86400'],
    [86_401, '86400'],
    [1e12, '86400'],
    [Infinity, '86400'],
  ])('answers a delay of %p seconds with Retry-After %s', async (retryAfterSeconds, expected) => {
    failure = new AgentError('model_unavailable', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    expect((await get()).headers['retry-after']).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ authorization: 'Bearer rk_x' }, true],
    [{ 'x-api-key': 'rk_x' }, true],
    [{ upgrade: 'websocket', 'sec-websocket-protocol': 'rookery, rk_x' }, true],
    [{ upgrade: 'websocket', 'sec-websocket-protocol': 'rookery' }, false],
  ] satisfies [Record<string, string>, boolean][])(
    'challenges credentials in %j as invalid: %s',
    async (headers, isInvalid) => {
      failure = new AgentError('unauthenticated');
      const challenge = String((await get(headers)).headers['www-authenticate']);
      expect(challenge.includes('error="invalid_token"')).toBe(isInvalid);
    },
  );

  describe('with Accept: application/problem+json', () => {
    const accept = 'application/problem+json';

    it('returns the same fields as problem details', async () => {
      const errors = [{ field: 'limit', message: 'too much' }];
      failure = new AgentError('validation_failed', { detail: 'too much', errors });
      const answer = await get({ accept });
      expect(answer.statusCode).toBe(422);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.json()).toEqual({
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        error: 'validation_failed',
        detail: 'too much',
        request_id: 'r-1',
        errors,
      });
    });

    it('keeps the status that the framework chose', async () => {
      failure = withStatus(416);
      expect((await get({ accept })).json()).toMatchObject({ status: 416, title: 'Range Not Satisfiable' });
    });

    it.each(['text/html, application/problem+json;q=0.5', 'application/problem+json, */*'])(
      'as in %s',
      async (list) => {
        failure = new AgentError('forbidden');
        expect((await get({ accept: list })).headers['content-type']).toMatch(/^application\/problem\+json/);
      },
    );
  });

  it.each([undefined, '*/*', 'application/json', 'text/html', 'nonsense'])(
    'is JSON with Accept: %s',
    async (accept) => {
      failure = new AgentError('forbidden');
      const answer = await get(accept === undefined ? {} : { accept });
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
    },
  );

  it('creates an id for a request with a missing or invalid one', async () => {
    failure = new AgentError('forbidden');
    for (const id of ['', 'a b', 'x'.repeat(129)]) {
      const answer = await get({ 'x-request-id': id });
      expect(answer.headers['x-request-id']).toMatch(/^[A-Za-z0-9._:-]{1,128}$/);
      expect(answer.headers['x-request-id']).not.toBe(id);
      expect(answer.json()).toMatchObject({ request_id: answer.headers['x-request-id'] });
    }
  });

  it('does not touch a response that has started', async () => {
    failure = new AgentError('model_error');
    const answer = await get({}, '/fail-late');
    expect([answer.statusCode, answer.body]).toEqual([200, 'an answer']);
  });
});
