import { isArrayOf, isObject, isOptional, isString } from '../json/json.object.js';
import type { ErrorBody, FieldError } from './agent.error.js';
import { ERROR_CODES, type ErrorCode } from './error.codes.js';

/** The error body of any release, so its code may be unknown here. */
export type AnyErrorBody = Omit<ErrorBody, 'error'> & { readonly error: string };

export function isErrorCode(value: unknown): value is ErrorCode {
  return isString(value) && Object.hasOwn(ERROR_CODES, value);
}

export function isAnyErrorBody(value: unknown): value is AnyErrorBody {
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
