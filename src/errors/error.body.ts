import { isArrayOf, isObject, isOptional, isString } from '../json/json.object.js';
import type { ErrorBody, FieldError } from './agent.error.js';
import { ERROR_CODES, type ErrorCode } from './error.codes.js';

export function isErrorCode(value: unknown): value is ErrorCode {
  return isString(value) && Object.hasOwn(ERROR_CODES, value);
}

/** Checks a stored error. A newer release has more codes, so the code may be unknown here. */
export function isErrorBody(value: unknown): value is ErrorBody {
  if (!isObject(value)) return false;
  const { error, detail, request_id, errors } = value;
  return (
    isString(error) &&
    (detail === null || isString(detail)) &&
    isString(request_id) &&
    isOptional(errors, (each) => isArrayOf(each, isFieldError))
  );
}

function isFieldError(value: unknown): value is FieldError {
  return isObject(value) && isString(value.field) && isString(value.message);
}
