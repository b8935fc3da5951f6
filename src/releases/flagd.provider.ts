import { Logger } from '@nestjs/common';
import type { Provider } from '@openfeature/server-sdk';
import { isObject } from '../json/json.object.js';
import { importOptional } from '../async/optional.package.js';

/** Time limit for the first flags, and maximum delay between reconnects. */
const CONNECT_TIMEOUT_MS = 1000;
const DEFAULT_PORT = 8015;

/**
 * Reads the flags from flagd, or from another service with its sync protocol. The service pushes all flags on each
 * change, and this process evaluates them. So runs never wait for it, and an outage keeps the last flags.
 *
 * @param url `http://<host>:<port>`, or https for TLS.
 */
export async function flagdProvider(url: string): Promise<Provider> {
  const { FlagdProvider } = await importOptional(
    '@openfeature/flagd-provider',
    'flagd',
    () => import('@openfeature/flagd-provider'),
  );
  const { protocol, hostname, port } = new URL(url);
  const logger = new Logger('flagd');
  const toDebug = (...args: unknown[]): void => logger.debug({ cause: args });
  const provider = new FlagdProvider(
    {
      resolverType: 'in-process',
      host: hostname,
      port: port === '' ? DEFAULT_PORT : Number(port),
      tls: protocol === 'https:',
      // Without a value the provider reads it from the environment.
      socketPath: '',
      deadlineMs: CONNECT_TIMEOUT_MS,
      retryBackoffMaxMs: CONNECT_TIMEOUT_MS,
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

/** If flagd is unreachable, a closed provider would reconnect without end and keep the process alive. */
function stopReconnecting(provider: object): void {
  const service: unknown = Reflect.get(provider, '_service');
  const fetcher: unknown = isObject(service) ? Reflect.get(service, '_dataFetcher') : undefined;
  if (isObject(fetcher)) Reflect.set(fetcher, 'reconnect', () => undefined);
}
