import type { Answer } from '../clients/client.js';
import { isObject } from '../json.js';

/** The codes of our error table behind those of OpenAI. */
const CODES: Readonly<Record<string, string>> = {
  invalid_api_key: 'unauthenticated',
  rate_limit_exceeded: 'rate_limited',
  insufficient_quota: 'token_budget_exhausted',
  model_not_found: 'not_found',
  response_not_found: 'not_found',
  conversation_not_found: 'not_found',
};

/** Expects the four fields of an error of OpenAI. Returns the answer in our own form, for tests of all routes. */
export function inOwnForm(answer: Answer): Answer {
  const { error } = answer.body;
  if (answer.status < 400 || !isObject(error)) return answer;
  const { code, message } = error;
  expect(error).toEqual({
    message: expect.stringMatching(/\S/),
    type: expect.any(String),
    param: error.param,
    code: expect.any(String),
  });
  const body = { error: CODES[String(code)] ?? code, detail: message, request_id: answer.headers['x-request-id'] };
  return { ...answer, body };
}
