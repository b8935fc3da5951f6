import type { IncomingHttpHeaders } from 'node:http';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { requestIdOf } from '../http/http.types.js';
import { isObject, type JsonObject } from '../json/json.object.js';

/** Same as the maximum size of an HTTP body. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** The credentials of the sender of a message. */
export interface RpcCredentials {
  /** `Bearer ` and an API key or a token. */
  readonly authorization?: string | undefined;
  /** An API key. */
  readonly api_key?: string | undefined;
  /** The end user on whose behalf the call is made. Only with a key: a token names its own end user. */
  readonly end_user?: string | undefined;
}

/** The fields of a message in addition to the HTTP body of the same call. */
export interface RpcEnvelope {
  /** A key or token as a string, or an object. */
  readonly credentials?: string | RpcCredentials | undefined;
  /** Correlates the message with the logs of its caller. */
  readonly request_id?: string | undefined;
  /** For `agent.chat` and `agent.tasks.create`: identifies this message for 24 hours. A repeat gets the same answer. */
  readonly idempotency_key?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
  /** The vendor part of the trace context. */
  readonly tracestate?: string | undefined;
}

/** A parsed message. */
export interface RpcMessage {
  /** The envelope, as HTTP headers. */
  readonly headers: IncomingHttpHeaders;
  /** All other fields. */
  readonly body: unknown;
}

const HEADERS: Readonly<Record<string, string>> = {
  request_id: 'x-request-id',
  idempotency_key: 'idempotency-key',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
};
const CREDENTIALS: Readonly<Record<string, string>> = {
  authorization: 'authorization',
  api_key: 'x-api-key',
  end_user: 'x-end-user',
};

/** Reads the request id and the trace context of a message before the message is validated. */
export function peekMetadata(payload: unknown): {
  readonly requestId: string;
  readonly trace: Record<string, unknown>;
} {
  const { request_id, traceparent, tracestate }: JsonObject = isObject(payload) ? payload : {};
  const headers = typeof request_id === 'string' ? { 'x-request-id': request_id } : {};
  return { requestId: requestIdOf({ headers }), trace: { traceparent, tracestate } };
}

/** @throws AgentError if the message is too large or its envelope is invalid. */
export function readMessage(payload: unknown): RpcMessage {
  if (!isObject(payload)) throw new AgentError('malformed_request', { detail: 'A message must be an object.' });
  if (isTooLarge(payload)) throw new AgentError('payload_too_large');
  const { credentials, ...others } = payload;
  const { envelope = [], body = [] } = Object.groupBy(Object.entries(others), ([name]) =>
    Object.hasOwn(HEADERS, name) ? 'envelope' : 'body',
  );
  return {
    headers: { ...headersIn(envelope, HEADERS, ''), ...headersOf(credentials) },
    // `fromEntries` defines fields: a field named __proto__ remains and is refused like any unknown field.
    body: Object.fromEntries(body),
  };
}

function headersOf(credentials: unknown): IncomingHttpHeaders {
  if (credentials === undefined) return {};
  if (typeof credentials === 'string') {
    return { authorization: /^Bearer /i.test(credentials) ? credentials : `Bearer ${credentials}` };
  }
  if (!isObject(credentials)) throw invalidField('credentials', 'credentials must be a string or an object');
  return headersIn(Object.entries(credentials), CREDENTIALS, 'credentials.');
}

function headersIn(
  fields: readonly (readonly [string, unknown])[],
  names: Readonly<Record<string, string>>,
  path: string,
): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of fields) {
    const field = `${path}${name}`.slice(0, 200);
    const header = Object.hasOwn(names, name) ? names[name] : undefined;
    if (header === undefined) throw invalidField(field, `${field} is not a field of this request`);
    if (typeof value === 'string') headers[header] = value;
    else if (value !== undefined) throw invalidField(field, `${field} must be a string`);
  }
  return headers;
}

function isTooLarge(payload: object): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(payload)) > MAX_MESSAGE_BYTES;
  } catch {
    // Too deep for JSON: the validation of the body reports it.
    return false;
  }
}
