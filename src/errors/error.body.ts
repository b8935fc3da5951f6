import { isArrayOf, isObjectOf, isOptional, isString } from '../json/json.object.js';
import type { ErrorBody, FieldError } from './agent.error.js';
import { ERROR_CODES, type ErrorCode } from './error.codes.js';

export function isErrorCode(value: unknown): value is ErrorCode {
  return isString(value) && Object.hasOwn(ERROR_CODES, value);
}

const isFieldError = isObjectOf<FieldError>({ field: isString, message: isString });

/** Checks a stored error. A newer release has more codes, so the code may be unknown here. */
export const isErrorBody = isObjectOf<ErrorBody>({
  error: isString,
  detail: (detail) => detail === null || isString(detail),
  request_id: isString,
  errors: isOptional(isArrayOf(isFieldError)),
});
