import { type NatsOptions, ServerNats } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { optional } from '../storage/optional.package.js';
import { type DrainingServer, within } from './draining.server.js';

/** Replicas share their messages by it: each goes to one of them. */
const QUEUE = 'rookery';
const PORT = '4222';
/** What is still to be sent at the end has so long. */
const LAST_ANSWERS_MS = 1000;

/** Nest's server for NATS, in a queue group. It comes back by itself, however long NATS is away. */
export class RpcNatsServer extends ServerNats implements DrainingServer {
  readonly #subscriptions: Subscription[] = [];
  #connection: NatsConnection | undefined;

  /** @param urls `nats://` or, with TLS, `tls://`; several with commas between them, of one cluster. */
  constructor(private readonly urls: string) {
    super({ queue: QUEUE });
  }

  /** NATS sends to the other replicas at once; where there is none it tells callers so. */
  drain(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.drain().catch(() => undefined);
  }

  override async listen(callback: (failure?: unknown) => void): Promise<void> {
    await super.listen((cause) =>
      callback(cause === undefined ? undefined : new Error('The NATS for RPC does not answer.', { cause })),
    );
  }

  override async createNatsClient(): Promise<NatsConnection> {
    const { connect } = await optional(
      '@nats-io/transport-node',
      'RPC by NATS',
      () => import('@nats-io/transport-node'),
    );
    this.#connection = await connect({
      ...placesIn(this.urls),
      name: QUEUE,
      maxReconnectAttempts: -1,
      // A broker that comes back before it knows its users refuses once or twice.
      ignoreAuthErrorAbort: true,
    });
    return this.#connection;
  }

  override bindEvents(client: NatsConnection): void {
    for (const pattern of this.messageHandlers.keys()) {
      const receive = this.getMessageHandler(pattern).bind(this);
      this.#subscriptions.push(
        client.subscribe(pattern, { queue: QUEUE, callback: (failure, message) => void receive(failure, message) }),
      );
    }
  }

  /** Whoever wants no answer is not waited for by anybody: nothing is begun. */
  override async handleMessage(channel: string, message: Msg): Promise<void> {
    if (message.reply) await super.handleMessage(channel, message);
  }

  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends what is written, and then closes; a NATS that is away is not waited for. */
  override async close(): Promise<void> {
    if (this.#connection?.isClosed() === false) await within(LAST_ANSWERS_MS, this.#connection.drain());
    await super.close();
  }

  /** What callers send is not our failure. */
  protected override handleError(error: unknown): void {
    this.logger.debug?.({ cause: error, msg: 'what came by NATS is no message' });
  }
}

/** The client takes neither names nor passwords from URLs. */
function placesIn(text: string): NonNullable<NatsOptions['options']> {
  const urls = text.split(',').map((each) => new URL(each.trim()));
  const [name = '', password = ''] = [urls[0]?.username, urls[0]?.password].map((each = '') =>
    decodeURIComponent(each),
  );
  const known = password === '' ? { token: name } : { user: name, pass: password };
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || PORT}`),
    ...(name === '' ? {} : known),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
  };
}
