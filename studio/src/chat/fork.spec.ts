import type { Message } from 'rookery/client';
import { forkOf, inputWith, pointBeforeMessage, pointBeforeTurn, questionOf } from './fork';
import { newTurn, type Turn } from './turn';

function message(run_id: string, role: Message['role'], content: string): Message {
  return { message_id: `${run_id} ${content}`, run_id, role, content, created_at: '2026-01-01T00:00:00Z' };
}

const HISTORY = [
  message('r1', 'user', 'one'),
  message('r1', 'assistant', ''),
  message('r2', 'tool', 'result'),
  message('r2', 'assistant', 're one'),
  message('r3', 'user', 'two'),
  message('r3', 'assistant', ''),
  message('r4', 'tool', 'no result'),
  message('r4', 'user', 'three'),
  message('r4', 'user', 'repair'),
  message('r4', 'assistant', 're three'),
];

function turn(runId: string, status: Turn['status'], finish_reason: 'stop' | 'tool_calls' = 'stop'): Turn {
  const response = {
    run_id: runId,
    session_id: 's',
    output: '',
    tool_calls: [],
    finish_reason,
    model: 'm',
    release: 'code',
    processing_time_ms: 1,
    metadata: {},
    usage: { input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0 },
  };
  return { ...newTurn({ input: runId }), runId, status, ...(status === 'completed' && { response }) };
}

const runBefore = (index: number, isWhole = true) =>
  pointBeforeMessage({ history: HISTORY, isWhole, turns: [] }, index)?.runId;

describe('a question of the history', () => {
  it('is asked again after the run before it', () => {
    expect(runBefore(4)).toBe('r2');
  });

  it('gives up the open calls before it', () => {
    const point = pointBeforeMessage({ history: HISTORY, isWhole: true, turns: [] }, 7);
    expect(point).toMatchObject({ runId: 'r3', kept: { history: HISTORY.slice(0, 6) } });
    expect(point && forkOf(point, { input: 'new', session_id: 's', temperature: 1 }, 's')).toMatchObject({
      request: { input: 'new', fork_from: 'r3', abandon_calls: true, temperature: 1 },
      source: 's',
    });
  });

  it('inherits nothing if it is the first one, which must be known', () => {
    const point = pointBeforeMessage({ history: HISTORY, isWhole: true, turns: [] }, 0);
    expect(point && forkOf(point, { input: 'new', session_id: 's' }, 's')).toEqual({
      request: { input: 'new' },
      kept: { history: [], isWhole: true, turns: [] },
      source: undefined,
    });
    expect(pointBeforeMessage({ history: HISTORY, isWhole: false, turns: [] }, 0)).toBeUndefined();
    expect(runBefore(4, false)).toBe('r2');
  });

  it('is not asked again from the middle of a run, and answers are not', () => {
    expect(pointBeforeMessage({ history: HISTORY, isWhole: true, turns: [] }, 8)).toBeUndefined();
    expect(pointBeforeMessage({ history: HISTORY, isWhole: true, turns: [] }, 9)).toBeUndefined();
  });
});

describe('a turn of the page', () => {
  const turns = [turn('a', 'completed', 'tool_calls'), turn('b', 'failed'), turn('c', 'completed')];
  const pointAt = (index: number, history = HISTORY, isWhole = true) =>
    pointBeforeTurn({ history, isWhole, turns }, turns[index]?.id ?? '');

  it('is asked again after the completed run before it, with or without its open calls', () => {
    expect(pointAt(2)).toMatchObject({ runId: 'a', kept: { turns: [turns[0]] } });
    expect(
      forkOf({ runId: 'r4', kept: { history: HISTORY, isWhole: true, turns: [] } }, { input: 'new' }),
    ).toMatchObject({
      request: { fork_from: 'r4', abandon_calls: true },
    });
    expect(pointAt(0)).toMatchObject({ runId: 'r4', kept: { history: HISTORY, turns: [] } });
  });

  it('is asked in a new session if no run came before it', () => {
    expect(pointAt(0, [])).toMatchObject({ runId: undefined });
    expect(pointAt(0, [], false)).toBeUndefined();
  });
});

it('a question loses its place, and what it answers there', () => {
  const answers = { tool_results: [{ call_id: 'c', output: '1' }], abandon_calls: true };
  expect(questionOf({ input: 'new', session_id: 's', temperature: 1, ...answers })).toEqual({
    input: 'new',
    temperature: 1,
  });
});

it('the pictures of a question stay with its new text', () => {
  const picture = { type: 'image_url', url: 'https://example.com/a.png' } as const;
  expect(inputWith('new', { input: [{ type: 'text', text: 'old' }, picture] })).toEqual([
    { type: 'text', text: 'new' },
    picture,
  ]);
  expect(inputWith('', { input: [picture] })).toEqual([picture]);
  expect(inputWith('new', { input: 'old' })).toBe('new');
});
