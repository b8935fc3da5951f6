import type { Socket } from 'node:net';
import { TcpContext } from '@nestjs/microservices';
import type { AuthContext } from '../auth/auth.context.js';
import { unauthenticated } from '../auth/authenticator.js';
import { callerAddress } from '../auth/caller.address.js';
import { AgentError } from '../errors/agent.error.js';

/** Returns the network address of a caller; `unknown` behind a broker. */
export function addressOf(context: unknown): string {
  return callerAddress({ socket: socketOf(context) });
}

/**
 * Runs `work` with a signal that aborts when the caller's credentials end or its socket closes. Behind a broker a
 * disconnect is not visible.
 */
export async function withCallerSignal<T>(
  call: Pick<AuthContext, 'onCredentialsExpired'> & { readonly context: unknown },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = call.onCredentialsExpired(() =>
    controller.abort(unauthenticated('The credentials have expired or were revoked.')),
  );
  const leave = (): void => controller.abort(new AgentError('client_closed_request'));
  const socket = socketOf(call.context);
  // A caller may wait for many answers at once.
  socket?.setMaxListeners(0).once('close', leave);
  if (socket?.destroyed) leave();
  try {
    return await work(controller.signal);
  } finally {
    forget();
    socket?.off('close', leave);
  }
}

function socketOf(context: unknown): Socket | undefined {
  return context instanceof TcpContext ? context.getSocketRef().netSocket : undefined;
}
