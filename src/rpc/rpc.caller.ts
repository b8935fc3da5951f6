import type { Socket } from 'node:net';
import { TcpContext } from '@nestjs/microservices';
import type { AuthContext } from '../auth/auth.context.js';
import { unauthenticated } from '../auth/authenticator.js';
import { callerAddress } from '../auth/caller.address.js';
import { AgentError } from '../errors/agent.error.js';

const signals = new WeakMap<Socket, AbortSignal>();

/** Returns the network address of a caller; `unknown` behind a broker. */
export function addressOf(context: unknown): string {
  return callerAddress({ socket: socketOf(context) });
}

/**
 * Runs `work` with a signal that aborts when the caller's credentials end or its socket closes. Behind a broker a
 * disconnect is not visible.
 */
export async function withCallerSignal<T>(
  {
    context,
    onCredentialsExpired,
  }: { readonly context: unknown; readonly onCredentialsExpired: AuthContext['onCredentialsExpired'] },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = onCredentialsExpired(() =>
    controller.abort(unauthenticated('The credentials have expired or were revoked.')),
  );
  const leaving = disconnectSignal(context);
  const leave = (): void => controller.abort(leaving?.reason);
  leaving?.addEventListener('abort', leave);
  if (leaving?.aborted) leave();
  try {
    return await work(controller.signal);
  } finally {
    forget();
    leaving?.removeEventListener('abort', leave);
  }
}

/** Returns one signal per socket, shared by its messages. Undefined if the caller has no socket of its own. */
function disconnectSignal(context: unknown): AbortSignal | undefined {
  const socket = socketOf(context);
  if (socket === undefined) return undefined;
  const existing = signals.get(socket);
  if (existing !== undefined) return existing;
  const controller = new AbortController();
  const leave = (): void => controller.abort(new AgentError('client_closed_request'));
  if (socket.destroyed) leave();
  else socket.once('close', leave);
  signals.set(socket, controller.signal);
  return controller.signal;
}

function socketOf(context: unknown): Socket | undefined {
  return context instanceof TcpContext ? context.getSocketRef().netSocket : undefined;
}
