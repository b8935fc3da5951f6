import { Logger } from '@nestjs/common';
import type { Provider } from '@openfeature/server-sdk';
import { optional } from '../storage/optional.package.js';

/** How long it is waited for the first flags, and for those after a break. */
const PATIENCE_MS = 1000;
const DEFAULT_PORT = 8015;

/**
 * The flags of a flagd, or of whatever else speaks its sync protocol: it sends them all, and again when they change,
 * and they are evaluated here. So no run waits for it, and while it is away the last flags stay.
 *
 * @param url `http://<host>:<port>`, or https for TLS.
 */
export async function flagdProvider(url: string): Promise<Provider> {
  const { FlagdProvider } = await optional(
    '@openfeature/flagd-provider',
    'flagd',
    () => import('@openfeature/flagd-provider'),
  );
  const { protocol, hostname, port } = new URL(url);
  const logger = new Logger('flagd');
  const toDebug = (...words: unknown[]): void => logger.debug({ cause: words });
  const provider = new FlagdProvider(
    {
      resolverType: 'in-process',
      host: hostname,
      port: port === '' ? DEFAULT_PORT : Number(port),
      tls: protocol === 'https:',
      // Left out it would be read from the environment.
      socketPath: '',
      deadlineMs: PATIENCE_MS,
      retryBackoffMaxMs: PATIENCE_MS,
    },
    { debug: toDebug, info: toDebug, warn: toDebug, error: toDebug },
  );
  const close = provider.onClose.bind(provider);
  provider.onClose = async () => {
    stopReconnecting(provider);
    await close();
  };
  return provider;
}

/** Closed while flagd is away, the provider would try to reach it for ever, and keep the process alive. */
function stopReconnecting(provider: object): void {
  const fetcher = fieldOf(fieldOf(provider, '_service'), '_dataFetcher');
  if (typeof fetcher === 'object' && fetcher !== null) Reflect.set(fetcher, 'reconnect', () => undefined);
}

function fieldOf(owner: unknown, field: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, field) : undefined;
}
