import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { JsonSocket, type MessageHandler, ServerTCP } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import { AgentError } from '../errors/agent.error.js';
import { limitConnections } from './connections.limit.js';
import { rpcErrorOf } from './rpc.failure.js';
import { peekMetadata, MAX_MESSAGE_BYTES } from './rpc.message.js';

/** The buffer also holds one read of the socket and the envelope that Nest adds to a message. */
const MAX_READ_BYTES = 64 * 1024;
const ENVELOPE_BYTES = 4096;
const INCOMPLETE_MS = 30_000;
/** Maximum bytes of answers that a caller may leave unread. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 1024;
/** One address must not take the connections of all others. */
const MAX_PER_ADDRESS = 512;
const KEEP_ALIVE_MS = 30_000;
/** Time limit for the last answers at shutdown. */
const DRAIN_TIMEOUT_MS = 1000;

/** Time limit for a TLS handshake. */
const HANDSHAKE_MS = 10_000;

/** The TLS of the server, in PEM. Read once: a new certificate needs a restart. */
export interface RpcTls {
  /** The certificate, followed by its chain. */
  readonly cert: string | Buffer;
  /** Its private key. */
  readonly key: string | Buffer;
  /** The authorities of callers, who then need a certificate. Default: callers need none. */
  readonly ca?: string | Buffer | undefined;
}

/** The address to listen on. */
export interface RpcTcpAddress {
  /** An address of this machine, such as `127.0.0.1`, or `0.0.0.0` for all. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Default: messages, and the keys in them, travel in clear text. */
  readonly tls?: RpcTls | undefined;
}

/** Nest's server for TCP, with size limits and a shutdown that sends the pending answers. */
export class RpcTcpServer extends ServerTCP {
  constructor({ tls, ...address }: RpcTcpAddress) {
    super({ ...address, socketClass: BoundedSocket, ...(tls === undefined ? {} : { tlsOptions: tlsOptions(tls) }) });
  }

  /** Reports every failure to listen. Nest's own method reports only some, and hangs on any other. */
  override listen(callback: (failure?: unknown) => void): void {
    this.server.maxConnections = MAX_CONNECTIONS;
    limitConnections(this.server, MAX_PER_ADDRESS);
    this.server.once('error', callback);
    this.server.listen(this.port, this.host, () => {
      this.server.off('error', callback);
      callback();
    });
  }

  /** Sends the pending answers, then closes. */
  // oxlint-disable-next-line typescript/no-misused-promises -- Nest waits for it, whatever its own server does
  override async close(): Promise<void> {
    const late = AbortSignal.timeout(DRAIN_TIMEOUT_MS);
    const closed = [...this.openSockets].map(async (socket) => {
      socket.destroySoon();
      if (!socket.closed) await once(socket, 'close', { signal: late }).catch(() => undefined);
    });
    this.isManuallyTerminated = true;
    this.server.close();
    await Promise.all(closed);
    super.close();
  }

  /** An unknown pattern is an RpcError too. */
  override getHandlerByPattern(pattern: string): MessageHandler {
    return super.getHandlerByPattern(pattern) ?? ((payload: unknown) => Promise.resolve(unknown(payload)));
  }

  /** Ignores events: nobody waits for their answer. */
  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** Invalid input of callers is not an error of the service. */
  protected override handleError(error: unknown): void {
    if (!this.server.listening) return;
    this.logger.debug?.({ cause: error, msg: 'a socket failed or sent an invalid message' });
  }
}

/** Closes a socket after an invalid message: the rest would be read as the next message. */
class BoundedSocket extends JsonSocket {
  constructor(socket: Socket) {
    super(socket, {
      maxBufferSize: MAX_MESSAGE_BYTES + MAX_READ_BYTES + ENVELOPE_BYTES,
      incompleteMessageTimeout: INCOMPLETE_MS,
      maxSendBufferSize: MAX_UNREAD_BYTES,
    });
    // Detects dead callers, so that their chats are cancelled.
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  protected override handleDataError(failure: unknown): void {
    super.handleDataError(failure, { destroy: true });
  }
}

function tlsOptions({ cert, key, ca }: RpcTls): TlsOptions {
  const mutual = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS, ...mutual };
}

function unknown(payload: unknown) {
  const error = new AgentError('not_found', { detail: 'Unknown pattern.' });
  return throwError(() => rpcErrorOf(error, peekMetadata(payload).requestId));
}
