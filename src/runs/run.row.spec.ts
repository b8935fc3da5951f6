import { brokenCopies, withoutEach } from '../../test/support/broken.rows.js';
import { errorBodyOf, failureOf, newRow, outcomeOf, type RunRow } from './run.row.js';

const OUTCOME = {
  run_id: 'r',
  session_id: 's',
  output: 'Hi.',
  usage: { input_tokens: 1, cached_tokens: 0, output_tokens: 2, reasoning_tokens: 0, total_tokens: 3, cost: 0.1 },
  tool_calls: [
    { call_id: 'c', tool: 'clock', arguments: '{', output: 'noon', duration_ms: 1 },
    { call_id: 'd', tool: 'clock', arguments: '{', error: 'broken', duration_ms: 1 },
  ],
  finish_reason: 'stop',
  model: 'm',
  release: 'code',
  processing_time_ms: 4,
  metadata: { team: 'a' },
};
/** The outcome of a release before version 2 of the API. */
const RESPONSE = { session_id: 's', run_id: 'r', reply: 'Hi.', tokens_used: 3, model: 'm', processing_time_ms: 4 };
const FAILURE = {
  error: 'validation_failed',
  detail: 'No.',
  request_id: 'q',
  errors: [{ field: 'message', message: 'It is empty.' }],
};

const UNREADABLE = 'A value in runs.outcome cannot be read';

function rowOf(status: RunRow['status'], outcome: unknown): RunRow {
  const row = newRow({
    run_id: 'r',
    tenant: 'default',
    session_id: 's',
    agent_role: 'assistant',
    kind: 'task',
    status,
    attempt: 1,
    owner: null,
    holds_session: 0,
    caller: 'key:a',
    end_user: null,
    request_id: 'q',
    model: 'm',
    created_at: 0,
    started_at: null,
  });
  return { ...row, error: 'validation_failed', outcome: JSON.stringify(outcome) };
}

const completed = (outcome: unknown) => outcomeOf(rowOf('completed', outcome));
const failed = (outcome: unknown) => errorBodyOf(rowOf('failed', outcome));

describe('the stored outcome of a completed run', () => {
  it('is read with fields that this release does not know', () => {
    expect(completed(OUTCOME)).toEqual(OUTCOME);
    expect(completed({ ...OUTCOME, newField: 1 })).toMatchObject({ newField: 1 });
    expect(completed({ ...OUTCOME, finish_reason: 'tool_calls' })).toMatchObject({ finish_reason: 'tool_calls' });
  });

  it('may be the response that an older release stored', () => {
    expect(completed(RESPONSE)).toMatchObject({ output: 'Hi.', finish_reason: 'stop', metadata: {} });
    expect(completed({ ...RESPONSE, truncated: true })).toMatchObject({ finish_reason: 'length' });
  });

  it.each([
    ...brokenCopies(OUTCOME, 'outcome'),
    ...withoutEach(OUTCOME),
    ...brokenCopies({ ...RESPONSE, truncated: true }, 'response'),
    ...withoutEach(RESPONSE),
  ])('is refused with a wrong %s', (_, copy) => {
    expect(() => completed(copy)).toThrow(UNREADABLE);
  });
});

describe('the stored failure of a run', () => {
  it('is read with or without a detail', () => {
    expect(failed(FAILURE)).toEqual(FAILURE);
    expect(failed({ error: 'internal_error', detail: null, request_id: 'q' })).toMatchObject({ detail: null });
  });

  it('keeps a code of a newer release, and is thrown as an internal error', () => {
    const stored = { ...FAILURE, error: 'new_code' };
    expect(failed(stored)).toEqual(stored);
    expect(failureOf(rowOf('failed', stored))).toMatchObject({ code: 'internal_error', message: FAILURE.detail });
  });

  it.each([...brokenCopies(FAILURE), ...withoutEach({ ...FAILURE, errors: undefined }).slice(0, 3)])(
    'is refused with a wrong %s',
    (_, copy) => {
      expect(() => failed(copy)).toThrow(UNREADABLE);
    },
  );
});
