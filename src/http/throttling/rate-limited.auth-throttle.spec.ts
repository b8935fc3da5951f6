import { Logger } from '@nestjs/common';
import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { AccessAudit } from '../../auth/access.audit.js';
import { CallerNames } from '../../auth/caller.names.js';
import { SharedSecret } from '../../storage/shared.secret.js';
import { AuthFailureLog } from './auth-failure.log.js';
import { authorize } from '../../auth/auth.context.js';
import { Authenticator, type Credentials, unauthenticated } from '../../auth/authenticator.js';
import { HOST_PRINCIPAL, type Principal } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { RateLimitedAuthThrottle } from './rate-limited.auth-throttle.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { completeOptions } from '../../options/options.defaults.js';

const { jest } = import.meta;
class NoAudit extends AccessAudit {
  tenantRead = () => Promise.resolve();
  denied = () => Promise.resolve();
  failed = () => Promise.resolve();
}

const databases = new Databases(sqlite);
let failures: AuthFailureLog;

beforeAll(async () => {
  const database = await databases.open();
  const names = new CallerNames(await SharedSecret.read(database), completeOptions({}).auth);
  failures = new AuthFailureLog(new AgentMetrics(), names, new NoAudit());
});
beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined));
afterAll(() => databases.remove());

describe('RateLimitedAuthThrottle', () => {
  it('rejects an address beyond the limit, with the time to retry', async () => {
    const limit = new RateLimitedAuthThrottle(
      completeOptions({ authFailureLimit: 2 }).http,
      new FixedWindowStorage(),
      new AgentMetrics(),
      failures,
    );
    await limit.add('192.0.2.1');
    await limit.add('192.0.2.1');

    const refusal: unknown = await limit.add('192.0.2.1').catch((failure: unknown) => failure);

    expect(refusal).toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
    await expect(limit.add('192.0.2.2')).resolves.toBeUndefined();
  });

  it('counts nothing if the limit is 0', async () => {
    const limit = new RateLimitedAuthThrottle(
      completeOptions({ authFailureLimit: 0 }).http,
      new FixedWindowStorage(),
      new AgentMetrics(),
      failures,
    );
    for (let n = 0; n < 100; n++) await limit.add('192.0.2.1');
  });

  it('verifies a refused credential once while its address is over the limit', async () => {
    const throttle = new RateLimitedAuthThrottle(
      completeOptions({ authFailureLimit: 1 }).http,
      new FixedWindowStorage(),
      new AgentMetrics(),
      failures,
    );
    const authenticator = new OneKeyAuthenticator();
    const send = async (key: string, address = '192.0.2.1'): Promise<string> => {
      const credentials = { headers: { 'x-api-key': key }, address };
      const answer = authorize(credentials, { authenticator, authThrottle: throttle });
      return await answer.then(
        () => 'accepted',
        (failure: unknown) => AgentError.from(failure).code,
      );
    };
    expect([await send('bad'), await send('bad')]).toEqual(['unauthenticated', 'rate_limited']);
    const { verified } = authenticator;
    expect([await send('bad'), await send('bad')]).toEqual(['rate_limited', 'rate_limited']);
    expect(authenticator.verified).toBe(verified);

    expect([await send('good'), await send('worse'), await send('bad', '192.0.2.2')]).toEqual([
      'accepted',
      'rate_limited',
      'unauthenticated',
    ]);
    expect(authenticator.verified).toBe(verified + 3);
  });
});

/** Counts how often it verifies a key. */
class OneKeyAuthenticator extends Authenticator {
  verified = 0;

  override async authenticate(credentials: Credentials): Promise<Principal> {
    this.verified++;
    if (this.credentialOf(credentials) === 'good') return HOST_PRINCIPAL;
    throw unauthenticated('no');
  }

  override credentialOf({ headers }: Credentials): string {
    return String(headers['x-api-key']);
  }
}
