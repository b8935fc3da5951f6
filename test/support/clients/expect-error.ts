import type { Answer } from './client.js';
import { objects } from '../json.js';

/** Expects exactly an ErrorResponse of that status and code, with the answer's own id in its body. */
export function expectError(answer: Answer, status: number, error: string): void {
  expect({ status: answer.status, ...answer.body }).toEqual({
    status,
    error,
    detail: answer.body.detail,
    request_id: answer.headers['x-request-id'],
    ...(error === 'validation_failed' && { errors: expect.any(Array) }),
  });
  expectDetail(answer.body.detail);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  if (error === 'validation_failed') expectFieldErrors(answer.body.errors);
}

/** Expects a Retry-After header in whole seconds. */
export function expectRetryAfter(answer: Answer): void {
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
}

/** Expects a sentence for people, or null. */
export function expectDetail(detail: unknown): void {
  if (detail !== null) expect(detail).toEqual(expect.stringMatching(/\S/));
}

function expectFieldErrors(errors: unknown): void {
  expect(objects(errors)).not.toHaveLength(0);
  for (const error of objects(errors)) {
    expect(error).toEqual({ field: expect.any(String), message: expect.stringMatching(/\S/) });
  }
}
