import { checkClock } from './clock.check.js';
import { checkDatabase } from './database.check.js';
import { type Finding, found } from './finding.js';
import { type CheckedProvider, checkProvider } from './provider.check.js';
import { checkRedis } from './redis.check.js';

/** The other programs that a service or an application uses. */
export interface Connections {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Empty: the offline model answers. */
  readonly providers: readonly CheckedProvider[];
}

/** Checks all at once, and compares their clocks with that of this machine. */
export async function checkConnections({ databaseUrl, redisUrl, providers }: Connections): Promise<Finding[]> {
  const measured = await Promise.all([
    ...(databaseUrl === undefined ? [] : [checkDatabase(databaseUrl)]),
    ...(redisUrl === undefined ? [] : [checkRedis(redisUrl)]),
    ...providers.map((provider) => checkProvider(provider)),
  ]);
  const offline = found('ok', 'Provider', 'None is set: the offline model answers. OPENAI_API_KEY sets one.');
  return [
    ...measured.flatMap(({ findings }) => findings),
    ...(providers.length === 0 ? [offline] : []),
    checkClock(measured.flatMap(({ clock }) => (clock === undefined ? [] : [clock]))),
  ];
}
