import { importOptional } from '../../async/optional.package.js';
import { codeOf, type Finding, found, type Measured, reasonOf } from './finding.js';

const SUBJECT = 'Redis';
const TIMEOUT_MS = 5000;

/** Checks that Redis answers, and keeps what it is given. */
export async function checkRedis(url: string): Promise<Measured> {
  const name = URL.parse(url)?.host ?? 'REDIS_URL';
  try {
    const { Redis } = await importOptional('ioredis', 'Redis', () => import('ioredis'));
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      retryStrategy: null,
    });
    let connection: unknown;
    redis.on('error', (failure) => (connection = failure));
    try {
      await redis.connect();
      const began = Date.now();
      const [seconds, microseconds] = await redis.time();
      const aheadMs = (began + Date.now()) / 2 - (Number(seconds) * 1000 + Number(microseconds) / 1000);
      return {
        findings: [found('ok', SUBJECT, name), ...(await evictionFindings(redis))],
        clock: { other: 'Redis', aheadMs },
      };
    } catch (failure) {
      // A closed connection has lost its reason.
      throw connection ?? failure;
    } finally {
      redis.disconnect();
    }
  } catch (failure) {
    return { findings: [found('fault', SUBJECT, `${name}: ${reasonOf(failure)}`, adviceFor(failure))] };
  }
}

/** Tasks would be lost if Redis removed their jobs. */
async function evictionFindings(redis: { config(word: 'GET', name: string): Promise<unknown> }): Promise<Finding[]> {
  // Hosted ones may forbid the command.
  const answer = await redis.config('GET', 'maxmemory-policy').catch(() => undefined);
  const policy: unknown = Array.isArray(answer) ? answer[1] : undefined;
  if (typeof policy !== 'string' || policy === 'noeviction') return [];
  const advice = 'Set maxmemory-policy noeviction: Redis must not remove the jobs of tasks.';
  return [found('warning', SUBJECT, `It removes keys if its memory is full (${policy}).`, advice)];
}

function adviceFor(failure: unknown): string {
  if (/WRONGPASS|NOAUTH|NOPERM/.test(String(failure))) return 'Correct the user and the password of REDIS_URL.';
  if (codeOf(failure) === 'ENOTFOUND') return 'Correct the host of REDIS_URL.';
  return 'Start Redis or Valkey, or correct REDIS_URL.';
}
