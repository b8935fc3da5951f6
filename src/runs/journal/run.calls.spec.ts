import { RunCalls } from './run.calls.js';

const call = (name: string, text = '{}') => ({ callId: `id-${name}`, name, arguments: text });

describe('RunCalls', () => {
  it('lists calls in request order, and calls of a called agent after its own call', () => {
    const calls = new RunCalls();
    for (const step of ['10.0', '2.1', '2.0/1.0', '2.10', '2.0', '2.0/1.0/1.0']) {
      calls.add(step, call(step), { content: 'done' });
    }
    expect(calls.list().map(({ tool }) => tool)).toEqual(['2.0', '2.0/1.0', '2.0/1.0/1.0', '2.1', '2.10', '10.0']);
  });

  it('reports the name, the outcome and the duration of a call', () => {
    const calls = new RunCalls();
    calls.add('1.0', call('sum', '{"a":1}'), { content: '42', durationMs: 3.5 });
    calls.add('1.1', call('fail', ''), { content: 'Error: It is broken.', isError: true, durationMs: 1 });
    calls.add('1.2', call('odd', 'not json'), { content: 'Error: The arguments are not JSON.', isError: true });
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

  const died = (deaths: number) => ({ content: 'Error: It stopped.', isError: true, deaths });

  it('counts the deaths of a tool once for all calls of a turn', () => {
    const calls = new RunCalls();
    for (const step of ['1.0', '1.1', '2.0', '2.0/1.0']) calls.add(step, call('pay'), died(2));
    calls.add('3.0', call('look'), { content: 'seen' });
    expect(['pay', 'look'].map((tool) => calls.unexplainedDeathsOf(tool))).toEqual([3, 0]);
    expect(calls.provenDeathsOf('pay')).toBe(0);
  });

  it('forgets the deaths of a tool if a call of it succeeds', () => {
    const calls = new RunCalls();
    for (const step of ['1.0', '2.0']) calls.add(step, call('pay'), died(1));
    calls.add('3.0', call('pay'), { content: 'Error: There is no money.', isError: true });
    expect(calls.unexplainedDeathsOf('pay')).toBe(2);
    calls.add('4.0', call('pay'), { content: 'paid' });
    calls.add('5.0', call('pay'), died(1));
    expect(calls.unexplainedDeathsOf('pay')).toBe(1);
  });

  it('returns the deaths that a call caused', () => {
    const calls = new RunCalls();
    for (const [step, deaths] of [
      ['1.0', 1],
      ['2.0', 3],
      ['3.0', 2],
    ] as const)
      calls.add(step, call('pay'), died(deaths));
    expect([calls.provenDeathsOf('pay'), calls.unexplainedDeathsOf('pay')]).toEqual([3, 0]);
  });

  it('truncates long texts', () => {
    const calls = new RunCalls();
    calls.add('1.0', call('long'), { content: 'x'.repeat(20_000) });
    expect(calls.list()[0]?.output).toHaveLength(16_384 + '\n[cut: 3616 more characters]'.length);
  });
});
