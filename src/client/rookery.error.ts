import { isErrorBody } from './answers.js';
import type { ErrorBody } from './api.names.js';

/** Error codes of the client itself, in addition to those of the service. */
export type ClientErrorCode = 'network_error' | 'timeout' | 'unexpected_answer' | 'stream_broken';

/** The fields of a failure. */
type Failure = Pick<RookeryError, 'status' | 'code' | 'detail'> &
  Partial<Pick<RookeryError, 'requestId' | 'errors' | 'retryAfterMs'>>;

/**
 * Every failure of a call except an abort, which throws the reason of the signal.
 *
 * @example
 * import { RookeryError } from 'rookery/client';
 *
 * try {
 *   await client.chat({ message: 'Hello', session_id: 'desk' });
 * } catch (failure) {
 *   if (!(failure instanceof RookeryError) || failure.code !== 'session_busy') throw failure;
 *   console.log(`Try again in ${failure.retryAfterMs ?? 1000} ms.`);
 * }
 */
export class RookeryError extends Error {
  /** Always `RookeryError`. */
  override readonly name = 'RookeryError';
  /** The HTTP status; 0 if the service did not respond. */
  readonly status: number;
  /** An error code of the service or of the client. */
  readonly code: ErrorBody['error'] | ClientErrorCode;
  /** A sentence for people; null if there is only a code. */
  readonly detail: string | null;
  /** The id under which the log of the service has the call; undefined if it is unknown. */
  readonly requestId: string | undefined;
  /** The invalid fields of `validation_failed`; undefined for other codes. */
  readonly errors: ErrorBody['errors'];
  /** Milliseconds until a retry makes sense; undefined if the service names no time. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.detail === null ? failure.code : `${failure.code}: ${failure.detail}`, options);
    Object.assign(this, failure);
  }

  /** True if the service did not respond. */
  get isNetworkError(): boolean {
    return this.code === 'network_error';
  }

  /** @deprecated Use `isNetworkError`. */
  get isOfNetwork(): boolean {
    return this.isNetworkError;
  }
}

/** Describes a failure of the network. Node has the reason in the cause; a browser hides it. */
export function reasonOf(failure: unknown): string {
  if (failure instanceof RookeryError) return failure.detail?.replace(/\.$/, '') ?? failure.code;
  const message = textOf(failure, 'message') ?? String(failure);
  const cause = causeOf(failure);
  const reason = textOf(cause, 'code') ?? textOf(cause, 'message');
  return reason === undefined ? message : `${message} (${reason})`;
}

function causeOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'cause' in failure ? failure.cause : undefined;
}

function textOf(value: unknown, name: 'message' | 'code'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const text: unknown = Reflect.get(value, name);
  return typeof text === 'string' ? text : undefined;
}

/** Reads the error of a response. */
export async function errorOf(response: Response): Promise<RookeryError> {
  const facts = { status: response.status, retryAfterMs: retryAfterOf(response) };
  const body: unknown = await response.json().catch(() => undefined);
  if (isErrorBody(body)) {
    const { error: code, detail, request_id: requestId, errors } = body;
    return new RookeryError({ ...facts, code, detail, requestId, errors });
  }
  // The error has another form, such as the error of a proxy.
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const detail = `The service answered ${response.status} without a known error.`;
  return new RookeryError({ ...facts, code: 'unexpected_answer', detail, requestId });
}

function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
