import { once } from 'node:events';
import type { Socket } from 'node:net';
import { JsonSocket, type MessageHandler, ServerTCP } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import { AgentError } from '../errors/agent.error.js';
import { rpcErrorOf } from './rpc.failure.js';
import { hintsOf, MAX_MESSAGE_BYTES } from './rpc.message.js';

/** What a socket reads at once, and what Nest puts around a message: both count. */
const ONE_READ = 64 * 1024;
const AROUND = 4096;
const INCOMPLETE_MS = 30_000;
/** What a caller may leave unread of its answers. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
const MOST_CONNECTIONS = 1024;
const KEEP_ALIVE_MS = 30_000;
/** What is still to be sent at the end has so long. */
const LAST_ANSWERS_MS = 1000;

/** Where to listen. */
export interface RpcTcpPlace {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Nest's server for TCP, within bounds, and with an end that lets answers through. */
export class RpcTcpServer extends ServerTCP {
  constructor(place: RpcTcpPlace) {
    super({ ...place, socketClass: BoundedSocket });
  }

  /** Nest's tells of some failures only, and would wait for ever at any other. */
  override listen(callback: (failure?: unknown) => void): void {
    this.server.maxConnections = MOST_CONNECTIONS;
    this.server.once('error', callback);
    this.server.listen(this.port, this.host, () => {
      this.server.off('error', callback);
      callback();
    });
  }

  /** Sends what is written, and then closes. */
  // oxlint-disable-next-line typescript/no-misused-promises -- Nest waits for it, whatever its own server does
  override async close(): Promise<void> {
    const late = AbortSignal.timeout(LAST_ANSWERS_MS);
    const closed = [...this.openSockets].map(async (socket) => {
      socket.destroySoon();
      if (!socket.closed) await once(socket, 'close', { signal: late }).catch(() => undefined);
    });
    this.isManuallyTerminated = true;
    this.server.close();
    await Promise.all(closed);
    super.close();
  }

  /** A pattern that there is none of is an RpcError too. */
  override getHandlerByPattern(pattern: string): MessageHandler {
    return super.getHandlerByPattern(pattern) ?? ((payload: unknown) => Promise.resolve(unknown(payload)));
  }

  /** An event has nobody who waits for its answer: it is not begun. */
  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** What callers send is not our failure. */
  protected override handleError(error: unknown): void {
    if (!this.server.listening) return;
    this.logger.debug?.({ cause: error, msg: 'a socket failed, or sent what is no message' });
  }
}

/** Cuts off whoever sends what is no message: what follows would else be read as the next one. */
class BoundedSocket extends JsonSocket {
  constructor(socket: Socket) {
    super(socket, {
      maxBufferSize: MAX_MESSAGE_BYTES + ONE_READ + AROUND,
      incompleteMessageTimeout: INCOMPLETE_MS,
      maxSendBufferSize: MAX_UNREAD_BYTES,
    });
    // Whoever is gone without a word is noticed, and his chats are cancelled.
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  protected override handleDataError(failure: unknown): void {
    super.handleDataError(failure, { destroy: true });
  }
}

function unknown(payload: unknown) {
  const error = new AgentError('not_found', { detail: 'There is no such pattern.' });
  return throwError(() => rpcErrorOf(error, hintsOf(payload).requestId));
}
