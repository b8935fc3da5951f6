import { openAudit } from './audit/open.audit.js';
import { HOST_PRINCIPAL } from './auth/principal.js';
import {
  AuthThrottle,
  Authenticator,
  Database,
  type Deed,
  type EventFrame,
  FailedAttempts,
  type MadeCall,
  type Principal,
  verifyChain,
} from './index.js';
import { AssistantAgent } from './service/agents/assistant.agent.js';
import { RookeryError } from './client/index.js';
import { createTestApp, ScriptedModel } from './testing/index.js';

/** An application that was written before the methods had their present names. */
class OldAuthenticator extends Authenticator {
  override async authenticate(): Promise<Principal> {
    return HOST_PRINCIPAL;
  }

  override onLapse(_: Principal, listener: () => void): () => void {
    listener();
    return () => undefined;
  }
}

class NewAuthenticator extends Authenticator {
  override async authenticate(): Promise<Principal> {
    return HOST_PRINCIPAL;
  }

  override onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    listener();
    return super.onCredentialsExpired(principal, listener);
  }
}

class PlainAuthenticator extends Authenticator {
  override async authenticate(): Promise<Principal> {
    return HOST_PRINCIPAL;
  }
}

describe('names of earlier versions', () => {
  it.each([
    { method: 'onLapse', authenticator: new OldAuthenticator(), calls: 2 },
    { method: 'onCredentialsExpired', authenticator: new NewAuthenticator(), calls: 2 },
    { method: 'neither', authenticator: new PlainAuthenticator(), calls: 0 },
  ])('reach an authenticator that overrides $method', ({ authenticator, calls }) => {
    let called = 0;

    authenticator.onCredentialsExpired(HOST_PRINCIPAL, () => called++)();
    authenticator.onLapse(HOST_PRINCIPAL, () => called++)();

    expect(called).toBe(calls);
  });

  it('are the same class, so also the same injection token', () => {
    expect(FailedAttempts).toBe(AuthThrottle);
  });

  it('append to the audit and verify a part of it', async () => {
    const tool = await openAudit('file::memory:');
    const event: Deed = { action: 'key.created', tenant: 'acme', actor: { id: 'key:1' }, target: 'key:2' };

    await tool.audit.keep(event);

    await tool.audit.keep(event);
    const [, second] = await Array.fromAsync(tool.audit.entries());

    async function* rest(): AsyncGenerator {
      yield second;
    }
    expect(second?.target).toBe('key:2');
    expect((await verifyChain(rest(), { isWhole: false })).broken).toBeUndefined();
    expect((await verifyChain(rest(), { isWhole: true })).broken).toBeDefined();
    await tool.close();
  });

  it('purge erased data', async () => {
    const database = await Database.open('file::memory:');

    await expect(database.scrub()).resolves.toBeUndefined();

    await database.onApplicationShutdown();
  });

  it('recognize an error of the network', () => {
    const error = new RookeryError({ status: 0, code: 'network_error', detail: null });

    expect(error.isOfNetwork).toBe(true);
  });

  it('type a tool call', () => {
    const call: MadeCall = { call_id: '1', tool: 'clock', arguments: {}, duration_ms: 1 };

    expect(call.tool).toBe('clock');
  });

  it('read the events of a run', async () => {
    const app = await createTestApp({ model: new ScriptedModel('Hi'), providers: [AssistantAgent] });

    const { frames } = await app.runner.begin({ message: 'Hello' }, {}, 0);
    const batches: (readonly EventFrame[])[] = await Array.fromAsync(frames ?? []);

    expect(batches.flat().at(-1)?.type).toBe('run.completed');
    await app.close();
  });
});
