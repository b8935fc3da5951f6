import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard, RequireScope } from '../auth/auth.guard.js';
import { Authenticator } from '../auth/authenticator.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { abortableCallerOf } from './caller.decorator.js';

/** Accepts every caller and counts the listeners for expired credentials. */
class OpenAuthenticator extends Authenticator {
  readonly listeners = new Set<() => void>();

  override async authenticate(): Promise<Principal> {
    return HOST_PRINCIPAL;
  }

  override onCredentialsExpired(_: Principal, listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

@RequireScope('chat')
class CallerController {}

type Exchange = [IncomingMessage, ServerResponse];

const authenticator = new OpenAuthenticator();
const server = createServer();
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => server.close());

/** An authenticated request, and a function that disconnects its caller. */
async function connect(): Promise<{ exchange: Exchange; disconnect: () => Promise<unknown> }> {
  const address = server.address();
  const call = request({ port: typeof address === 'object' ? address?.port : 0 }).on('error', () => undefined);
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  server.once('request', (...exchange) => resolve(exchange));
  call.end();
  const [incoming, response] = await promise;
  const context = new ExecutionContextHost([incoming, response], CallerController, () => undefined);
  await new AuthGuard(authenticator, new Reflector(), {
    add: () => Promise.resolve(),
    refuseKnown: () => undefined,
  }).canActivate(context);
  const left = once(response, 'close');
  return { exchange: [incoming, response], disconnect: () => (call.destroy(), left) };
}

function signalOf([incoming, response]: Exchange): AbortSignal {
  return abortableCallerOf(incoming, Object.assign(response, { header: () => response, raw: undefined })).signal;
}

describe('the signal of a waiting caller', () => {
  it('aborts if the caller disconnects', async () => {
    const { exchange, disconnect } = await connect();
    const signal = signalOf(exchange);
    await disconnect();

    expect(signal.reason).toMatchObject({ code: 'client_closed_request' });
    expect(authenticator.listeners.size).toBe(0);
  });

  it('is aborted if the caller has already disconnected', async () => {
    const { exchange, disconnect } = await connect();
    await disconnect();

    expect(signalOf(exchange).reason).toMatchObject({ code: 'client_closed_request' });
    expect(authenticator.listeners.size).toBe(0);
  });

  it('aborts if the credentials expire', async () => {
    const { exchange, disconnect } = await connect();
    const signal = signalOf(exchange);
    for (const listener of authenticator.listeners) listener();

    expect(signal.reason).toMatchObject({ code: 'unauthenticated' });
    await disconnect();
  });
});
