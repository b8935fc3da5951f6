import type { Timeline } from '../journal/run.timeline.js';
import { waitsOf } from './run.waits.js';

const at = (ms: number) => new Date(ms).toISOString();
const RUN = {
  kind: 'task',
  status: 'completed',
  attempt: 1,
  created_at: 0,
  started_at: 500,
  finished_at: 9000,
} as const;
const EMPTY: Timeline = { turns: [], calls: [] };

function turn(step: string, from: number, to?: number): Timeline['turns'][number] {
  const end = to === undefined ? {} : { finished_at: at(to) };
  return { step, model: 'm', started_at: at(from), ...end, input_tokens: 0, output_tokens: 0 };
}

describe('the waits of a run', () => {
  it('are its queue and its approvals, which may still be open', () => {
    expect(
      waitsOf({ ...RUN, finished_at: null, status: 'waiting_approval' }, EMPTY, [
        { tool: 'pay', created_at: 1000, decided_at: 2000 },
        { tool: 'refund', created_at: 900, decided_at: null },
      ]),
    ).toEqual([
      { reason: 'queue', started_at: at(0), finished_at: at(500) },
      { reason: 'approval', tool: 'refund', started_at: at(900) },
      { reason: 'approval', tool: 'pay', started_at: at(1000), finished_at: at(2000) },
    ]);
  });

  it('are the pauses between the attempts at a task, but not those for a decision', () => {
    const timeline = { ...EMPTY, turns: [turn('1', 1500, 2000), turn('2', 6000, 9000)] };
    const approvals = [{ tool: 'pay', created_at: 2010, decided_at: 5000 }];
    expect(waitsOf({ ...RUN, attempt: 3, created_at: 500 }, timeline, approvals)).toEqual([
      { reason: 'retry', started_at: at(500), finished_at: at(1500) },
      { reason: 'approval', tool: 'pay', started_at: at(2010), finished_at: at(5000) },
      { reason: 'retry', started_at: at(5000), finished_at: at(6000) },
    ]);
  });

  it('has the backoff of a task that is tried again, without an end', () => {
    const queued = { ...RUN, status: 'queued', created_at: 500, finished_at: null } as const;
    expect(waitsOf(queued, { ...EMPTY, turns: [turn('1', 510, 2000)] }, [])).toEqual([
      { reason: 'retry', started_at: at(2000) },
    ]);
    expect(waitsOf({ ...queued, attempt: 0, started_at: null }, EMPTY, [])).toEqual([
      { reason: 'queue', started_at: at(500) },
    ]);
  });

  it('do not include the pauses of a chat', () => {
    const timeline = { ...EMPTY, turns: [turn('1', 1500, 2000), turn('2', 6000)] };
    expect(waitsOf({ ...RUN, kind: 'chat', attempt: 2, created_at: 500 }, timeline, [])).toEqual([]);
  });
});
