import type { ErrorBody } from './api.names.js';

/** What the client itself finds wrong, beside the codes of the service. */
export type ClientErrorCode = 'network_error' | 'timeout' | 'unexpected_answer' | 'stream_broken';

/** The facts of a failure. */
export interface Failure {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly code: ErrorBody['error'] | ClientErrorCode;
  readonly detail: string | null;
  readonly requestId?: string | undefined;
  readonly errors?: ErrorBody['errors'];
  readonly retryAfterMs?: number | undefined;
}

/** Every failure of a call, but for an abort, which throws the reason of the signal. */
export class RookeryError extends Error {
  override readonly name = 'RookeryError';
  readonly status: number;
  /** A code of the service's table of errors, or one of the client's. */
  readonly code: Failure['code'];
  readonly detail: string | null;
  readonly requestId: string | undefined;
  /** The fields that were wrong, on `validation_failed`. */
  readonly errors: ErrorBody['errors'];
  readonly retryAfterMs: number | undefined;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.detail === null ? failure.code : `${failure.code}: ${failure.detail}`, options);
    this.status = failure.status;
    this.code = failure.code;
    this.detail = failure.detail;
    this.requestId = failure.requestId;
    this.errors = failure.errors;
    this.retryAfterMs = failure.retryAfterMs;
  }

  /** There was no answer at all. */
  get isOfNetwork(): boolean {
    return this.code === 'network_error';
  }
}

/** The error in an answer. */
export async function errorOf(response: Response): Promise<RookeryError> {
  const text = await response.text().catch(() => '');
  const retryAfterMs = retryAfterOf(response);
  const facts = { status: response.status, retryAfterMs };
  const body = parse(text);
  if (body !== undefined)
    return new RookeryError({
      ...facts,
      code: body.error,
      detail: body.detail,
      requestId: body.request_id,
      errors: body.errors,
    });
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const detail = `The service answered ${response.status} without an error that is known.`;
  return new RookeryError({ ...facts, code: 'unexpected_answer', detail, requestId });
}

/** A proxy before the service answers in its own words. */
function parse(text: string): ErrorBody | undefined {
  try {
    const body: ErrorBody | null = JSON.parse(text);
    return typeof body?.error === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
