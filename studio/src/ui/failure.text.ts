import { type ErrorBody, RookeryError } from 'rookery/client';

/** A failure for people: its sentence, its code and the id under which the log of the service has it. */
export interface FailureText {
  readonly sentence: string;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly fields: readonly string[];
}

export function failureText(failure: unknown): FailureText {
  if (!(failure instanceof RookeryError)) {
    return { sentence: failure instanceof Error ? failure.message : String(failure), fields: [] };
  }
  const { code, detail, requestId, errors } = failure;
  return textOf(code, detail, requestId, errors);
}

/** The text of the error of a run. */
export function errorText({ error, detail, request_id, errors }: ErrorBody): FailureText {
  return textOf(error, detail, request_id, errors);
}

function textOf(
  code: string,
  detail: string | null | undefined,
  requestId: string | undefined,
  errors: ErrorBody['errors'] = [],
): FailureText {
  const fields = errors.map(({ field, message }) => `${field}: ${message}`);
  return { sentence: detail ?? 'The service gave no reason.', code, requestId, fields };
}

/** True if the credentials lack a scope. */
export function isForbidden(failure: unknown): boolean {
  return failure instanceof RookeryError && failure.status === 403;
}
