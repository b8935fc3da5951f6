import type { RunSummary } from 'rookery/client';
import { readNewest, readView, withWindow } from './run.windows';

/** A run created so many seconds after midnight. */
function runAt(second: number, status: RunSummary['status'] = 'completed'): RunSummary {
  return {
    run_id: `run-${second}`,
    status,
    kind: 'chat',
    agent_role: 'assistant',
    session_id: 's',
    model: 'm',
    created_at: new Date(second * 1000).toISOString(),
    attempt: 1,
    usage: { input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0 },
  };
}

/** Runs from the newest to the oldest. */
function runsFrom(newest: number, oldest: number): RunSummary[] {
  return Array.from({ length: newest - oldest + 1 }, (_, index) => runAt(newest - index));
}

/** Lists runs as the service does. */
function serviceOf(runs: readonly RunSummary[]) {
  const asked: object[] = [];
  async function* list(range: { from?: string; to?: string }) {
    asked.push(range);
    const { from = '', to = '9' } = range;
    yield* runs.filter(({ created_at }) => created_at >= from && created_at < to);
  }
  return { asked, list };
}

const idsOf = (runs: readonly RunSummary[]) => runs.map(({ run_id }) => run_id);

describe('the newest runs', () => {
  it('come before the known ones without a gap', async () => {
    const known = runsFrom(200, 1);
    const window = await readNewest(serviceOf(runsFrom(320, 1)).list, known);
    expect(window && idsOf(withWindow(known, window))).toEqual(idsOf(runsFrom(320, 1)));
  });

  it('leave the list once they no longer match its filter', async () => {
    const known = runsFrom(60, 1);
    const window = await readNewest(serviceOf(runsFrom(58, 1)).list, known);
    expect(window && idsOf(withWindow(known, window))).toEqual(idsOf(runsFrom(58, 1)));
  });

  it('are all of a short list', async () => {
    const window = await readNewest(serviceOf([runAt(3)]).list, runsFrom(2, 1));
    expect(window && idsOf(withWindow(runsFrom(2, 1), window))).toEqual(['run-3']);
  });

  it('are not read to the end if there are too many', async () => {
    expect(await readNewest(serviceOf(runsFrom(5000, 1)).list, runsFrom(100, 1))).toBeUndefined();
  });
});

describe('the runs in view', () => {
  it('change in their place, and only they are read', async () => {
    const known = runsFrom(300, 1).map((run) => ({ ...run, status: 'running' as const }));
    const { list, asked } = serviceOf(runsFrom(300, 1).filter(({ run_id }) => run_id !== 'run-105'));
    const window = await readView(list, known.slice(190, 200));
    expect(asked).toEqual([{ from: runAt(101).created_at, to: new Date(110_001).toISOString() }]);
    const shown = window === undefined ? [] : withWindow(known, window);
    expect(idsOf(shown)).toEqual(idsOf(known.filter(({ run_id }) => run_id !== 'run-105')));
    expect(idsOf(shown.filter(({ status }) => status === 'completed'))).toHaveLength(9);
  });

  it('are not read if none are in view', async () => {
    expect(await readView(serviceOf([]).list, [])).toBeUndefined();
  });
});
