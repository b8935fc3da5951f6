import type { RunDetailsV2 } from 'rookery/client';
import { timelineOf } from './timeline.model';

const at = (ms: number) => new Date(ms).toISOString();

const RUN: Pick<RunDetailsV2, 'created_at' | 'finished_at' | 'turns' | 'tool_calls' | 'waits'> = {
  created_at: at(0),
  finished_at: at(10_000),
  turns: [
    {
      step: '1',
      model: 'gpt',
      started_at: at(1000),
      finished_at: at(2000),
      input_tokens: 9,
      output_tokens: 3,
      cost: 2,
    },
    { step: '1.0/1', model: 'gpt', started_at: at(2500), input_tokens: 0, output_tokens: 0 },
  ],
  tool_calls: [
    { step: '1.0', tool: 'ask', call_id: 'a', started_at: at(2000), finished_at: at(3000), is_error: true, tries: 2 },
    { step: '1.1', tool: 'pay', call_id: 'b', is_error: true, tries: 0 },
  ],
  waits: [
    { reason: 'queue', started_at: at(0), finished_at: at(1000) },
    { reason: 'approval', tool: 'pay', started_at: at(3000) },
  ],
};

describe('the timeline of a run', () => {
  it('has the tokens and the cost of each turn, and the waits with their reasons', () => {
    const { from, to, spans } = timelineOf(RUN, 20_000);
    expect([from, to]).toEqual([0, 10_000]);
    expect(
      spans.map(({ kind, name, note, depth, from: begin, to: end }) => [kind, name, note, depth, begin, end]),
    ).toEqual([
      ['queue', 'Queued', '', 0, 0, 1000],
      ['turn', 'gpt', '9 in · 3 out · $2.00', 0, 1000, 2000],
      ['tool', 'ask', '2 tries', 0, 2000, 3000],
      ['turn', 'gpt', '0 in · 0 out', 1, 2500, 10_000],
      ['approval', 'Approval of pay', '', 0, 3000, 10_000],
    ]);
    expect(spans.map(({ isOpen, isError }) => [isOpen, isError])).toEqual([
      [false, false],
      [false, false],
      [false, true],
      [true, false],
      [true, false],
    ]);
  });

  it('grows with the time of an active run, and leaves out a short queue', () => {
    const { finished_at: _, ...active } = RUN;
    const waits = [{ reason: 'queue' as const, started_at: at(0), finished_at: at(100) }];
    const { to, spans } = timelineOf({ ...active, waits }, 20_000);
    expect(to).toBe(20_000);
    expect(spans.map(({ kind }) => kind)).not.toContain('queue');
  });
});
