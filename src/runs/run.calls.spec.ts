import { RunCalls } from './run.calls.js';

const call = (name: string, text = '{}') => ({ callId: `id-${name}`, name, arguments: text });

describe('RunCalls', () => {
  it('lists calls in the order in which they were asked for, those of agents that were asked behind the asking', () => {
    const calls = new RunCalls();
    for (const step of ['10.0', '2.1', '2.0/1.0', '2.10', '2.0', '2.0/1.0/1.0']) {
      calls.note(step, call(step), { content: 'done' });
    }
    expect(calls.list().map(({ tool }) => tool)).toEqual(['2.0', '2.0/1.0', '2.0/1.0/1.0', '2.1', '2.10', '10.0']);
  });

  it('tells what was called, how it ended and how long it took', () => {
    const calls = new RunCalls();
    calls.note('1.0', call('sum', '{"a":1}'), { content: '42', durationMs: 3.5 });
    calls.note('1.1', call('fail', ''), { content: 'Error: It is broken.', isError: true, durationMs: 1 });
    calls.note('1.2', call('odd', 'not json'), { content: 'Error: The arguments are not JSON.', isError: true });
    expect(calls.list()).toEqual([
      { call_id: 'id-sum', tool: 'sum', arguments: { a: 1 }, output: '42', duration_ms: 3.5 },
      { call_id: 'id-fail', tool: 'fail', arguments: {}, error: 'It is broken.', duration_ms: 1 },
      {
        call_id: 'id-odd',
        tool: 'odd',
        arguments: 'not json',
        error: 'The arguments are not JSON.',
        duration_ms: 0,
      },
    ]);
  });

  it('counts the deaths of a tool once for all calls of a turn', () => {
    const calls = new RunCalls();
    const failed = (deaths: number) => ({ content: 'Error: It stopped.', isError: true, deaths });
    for (const step of ['1.0', '1.1', '2.0']) calls.note(step, call('pay'), failed(1));
    calls.note('2.0/1.0', call('pay'), failed(3));
    calls.note('3.0', call('look'), { content: 'seen' });
    expect(['pay', 'look'].map((tool) => calls.deathsOf(tool))).toEqual([5, 0]);
  });

  it('cuts what is long', () => {
    const calls = new RunCalls();
    calls.note('1.0', call('long'), { content: 'x'.repeat(20_000) });
    expect(calls.list()[0]?.output).toHaveLength(16_384 + '\n[cut: 3616 more characters]'.length);
  });
});
