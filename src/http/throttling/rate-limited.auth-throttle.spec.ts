import { Logger } from '@nestjs/common';
import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { AccessAudit } from '../../auth/access.audit.js';
import { CallerNames } from '../../auth/caller.names.js';
import { SharedSecret } from '../../storage/shared.secret.js';
import { AuthFailureLog } from './auth-failure.log.js';
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
});
