import { isNativeError } from 'node:util/types';
import { APIError } from 'openai/error';
import { AgentError } from '../../errors/agent.error.js';
import { causesOf } from '../../errors/causes.js';
import { isNumber, isObject, isString, isStringRecord, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import { fieldsOf } from '../openai/provider.answer.js';
import { ProviderRefusal } from '../openai/provider.refusal.js';

/** How the AI SDK marks errors, in all its versions and copies. */
const HTTP_FAILURES = [Symbol.for('vercel.ai.error.AI_APICallError'), Symbol.for('vercel.ai.providerStreamError')];
/** The provider's package refuses the request itself. Another attempt would fail again. */
const REQUEST_FAULTS = new Set([
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
  'AI_UnsupportedFunctionalityError',
]);
const NETWORK_CODE = /^(E[A-Z_]+|UND_ERR_)/;
const TIMEOUTS = new Set(['AbortError', 'TimeoutError']);

/**
 * Converts a failure of an AI SDK model to one that retries and the error table know: an answer of the provider, an
 * error of the network, or an AgentError, which is final. Its message goes to neither the answer nor the log.
 */
export function toKnownFailure(failure: unknown): unknown {
  if (failure instanceof AgentError) return failure;
  const causes = causesOf(failure);
  const http = causes.find(isHttpFailure);
  const refusal = http && toApiError(http);
  if (refusal) return refusal;
  // The call itself is not aborted, so this is a time limit of the provider's package.
  const isLate = causes.some((cause) => TIMEOUTS.has(nameOf(cause)));
  // `instanceof` is false for an error of another context.
  if (isString(failure) || (isObject(failure) && !isNativeError(failure))) return toReported(failure);
  const code = causes.map(networkCodeOf).find(isString) ?? (isLate ? 'ETIMEDOUT' : undefined);
  return code === undefined ? toModelError(nameOf(failure)) : Object.assign(new Error('network'), { code });
}

/** An error that a package passes on as the provider reports it within a stream. */
function toReported(failure: JsonObject | string): APIError {
  const fields = isString(failure) ? { message: failure } : fieldsOf(failure.error ?? failure);
  return new APIError(undefined, fields, undefined, undefined);
}

function toModelError(name: string): AgentError {
  if (!REQUEST_FAULTS.has(name)) return new AgentError('model_error', {}, { cause: { ai_sdk_error: name } });
  const detail = 'The model provider does not support this request.';
  const cause = new ProviderRefusal(APIError.generate(400, { error: { type: name } }, undefined, new Headers()));
  return new AgentError('model_error', { detail }, { cause });
}

/** The provider's answer as the OpenAI adapter knows it; undefined if it is not a refusal. */
function toApiError(failure: JsonObject): APIError | undefined {
  const { statusCode: status, data, responseBody: body, responseHeaders: headers, message } = failure;
  // The body of an answer with a status of success was unreadable.
  if (!isNumber(status) || status < 400) return undefined;
  const { error } = fieldsOf(data ?? (isString(body) ? tryParseJson(body) : undefined));
  const { type, code, param } = fieldsOf(error);
  const details = { message, type: textOf(type), code: textOf(code), param: textOf(param) };
  const received = new Headers(isStringRecord(headers) ? headers : {});
  // The package may know that a retry would fail again.
  if (failure.isRetryable === false) received.set('x-should-retry', 'false');
  return APIError.generate(status, { error: details }, undefined, received);
}

function isHttpFailure(failure: unknown): failure is JsonObject {
  return isObject(failure) && HTTP_FAILURES.some((marker) => Reflect.get(failure, marker) === true);
}

function networkCodeOf(cause: unknown): string | undefined {
  const code = textOf(fieldsOf(cause).code);
  return code !== undefined && NETWORK_CODE.test(code) ? code : undefined;
}

function nameOf(failure: unknown): string {
  return textOf(fieldsOf(failure).name) ?? 'unknown';
}

function textOf(value: unknown): string | undefined {
  return isString(value) ? value : undefined;
}
