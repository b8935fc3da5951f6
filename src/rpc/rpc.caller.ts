import type { Socket } from 'node:net';
import { TcpContext } from '@nestjs/microservices';
import type { Admission } from '../auth/admission.js';
import { unauthenticated } from '../auth/authenticator.js';
import { callerAddress } from '../auth/caller.address.js';
import { AgentError } from '../errors/agent.error.js';

const signals = new WeakMap<Socket, AbortSignal>();

/** The network address that a message comes from; `unknown` behind a broker. */
export function addressOf(context: unknown): string {
  return callerAddress({ socket: socketOf(context) });
}

/**
 * Does the work under a signal that aborts when the caller's credentials end, or its socket closes. Behind a broker
 * nobody can see that a caller has left.
 */
export async function whileThere<T>(
  { context, onLapse }: { readonly context: unknown; readonly onLapse: Admission['onLapse'] },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = onLapse(() => controller.abort(unauthenticated('The credentials have ended.')));
  const leaving = leavingSignal(context);
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

/** One for each socket, however many messages come by it; undefined where the caller has none of its own. */
function leavingSignal(context: unknown): AbortSignal | undefined {
  const socket = socketOf(context);
  if (socket === undefined) return undefined;
  const known = signals.get(socket);
  if (known !== undefined) return known;
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
