import { type NatsOptions, ServerNats } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { importOptional } from '../async/optional.package.js';
import { type DrainingServer, settleLast } from './draining.server.js';

/** The queue group of the replicas. Each message goes to one of them. */
const QUEUE = 'rookery';
const PORT = '4222';
/** The default prefix of clients of NATS. */
const INBOX = '_INBOX';

/** Nest's server for NATS, in a queue group. It reconnects without a limit. */
export class RpcNatsServer extends ServerNats implements DrainingServer {
  readonly #subscriptions: Subscription[] = [];
  #connection: NatsConnection | undefined;

  /**
   * @param urls `nats://` or, with TLS, `tls://`. Separate the servers of a cluster by commas.
   * @param inboxes the subjects below which callers wait for answers.
   */
  constructor(
    private readonly urls: string,
    private readonly inboxes: readonly string[] = [INBOX],
  ) {
    super({ queue: QUEUE });
  }

  /** NATS routes new messages to the other replicas. Without other replicas, callers get an error at once. */
  drain(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.drain().catch(() => undefined);
  }

  override async listen(callback: (failure?: unknown) => void): Promise<void> {
    await super.listen((cause) =>
      callback(cause === undefined ? undefined : new Error('NATS for RPC does not answer.', { cause })),
    );
  }

  override async createNatsClient(): Promise<NatsConnection> {
    const { connect } = await importOptional(
      '@nats-io/transport-node',
      'RPC by NATS',
      () => import('@nats-io/transport-node'),
    );
    this.#connection = await connect({
      ...parseServers(this.urls),
      name: QUEUE,
      maxReconnectAttempts: -1,
      // A restarted broker may refuse connections until it has loaded its users.
      ignoreAuthErrorAbort: true,
    });
    return this.#connection;
  }

  override bindEvents(client: NatsConnection): void {
    for (const pattern of this.messageHandlers.keys()) {
      const receive = this.getMessageHandler(pattern);
      this.#subscriptions.push(
        client.subscribe(pattern, {
          queue: QUEUE,
          callback: (failure, message) => void Reflect.apply(receive, this, [failure, message]),
        }),
      );
    }
  }

  /**
   * Ignores messages without a reply subject: nobody waits for their answer. Ignores other subjects than inboxes, too:
   * callers could have this service publish to a subject that is closed to them.
   */
  override async handleMessage(channel: string, message: Msg): Promise<void> {
    const { reply } = message;
    if (!reply) return;
    if (this.inboxes.some((prefix) => reply.startsWith(`${prefix}.`))) await super.handleMessage(channel, message);
    else this.logger.debug?.({ channel, msg: 'a message names a reply subject that is not an inbox' });
  }

  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends the pending answers, then closes. Does not wait for an unreachable NATS. */
  override async close(): Promise<void> {
    if (this.#connection?.isClosed() === false) await settleLast(this.#connection.drain());
    await super.close();
  }

  /** Invalid input of callers is not an error of the service. */
  protected override handleError(error: unknown): void {
    this.logger.debug?.({ cause: error, msg: 'invalid message from NATS' });
  }
}

/** Moves credentials from the URLs to the options: the client ignores them in URLs. */
function parseServers(text: string): NonNullable<NatsOptions['options']> {
  const urls = text.split(',').map((each) => new URL(each.trim()));
  const [name = '', password = ''] = [urls[0]?.username, urls[0]?.password].map((each = '') =>
    decodeURIComponent(each),
  );
  const credentials = password === '' ? { token: name } : { user: name, pass: password };
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || PORT}`),
    ...(name === '' ? {} : credentials),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
  };
}
