import { type HeldRun, assessDeath } from './process.death.js';

const held = (run_id: string, crashes: number, claimed_at = 1, kind: HeldRun['kind'] = 'task'): HeldRun => ({
  run_id,
  kind,
  crashes,
  claimed_at,
});

describe('the verdict on a task whose process died', () => {
  it('blames no run for the first two deaths, even if nothing else ran', () => {
    for (const crashes of [0, 1]) {
      const task = held('a', crashes);
      expect(assessDeath(task, [{ deaths: crashes }], [task])).toEqual({
        crashes: crashes + 1,
        callDeaths: crashes + 1,
        isCause: false,
        isOver: false,
      });
    }
  });

  it('blames the call of a task that was alone at the third death, and the task continues', () => {
    const task = held('a', 2);
    expect(assessDeath(task, [{ deaths: 2 }], [task])).toEqual({
      crashes: 3,
      callDeaths: 3,
      isCause: true,
      isOver: false,
    });
  });

  it('blames a task that was alone at the third death and made no call', () => {
    const task = held('a', 2);
    expect(assessDeath(task, [], [task])).toMatchObject({ crashes: 3, isCause: true, isOver: false });
  });

  it('counts the deaths of a call beside which other calls made progress', () => {
    const task = held('a', 0);
    expect(assessDeath(task, [{ deaths: 2 }], [task])).toMatchObject({ crashes: 3, callDeaths: 3, isCause: true });
  });

  it('blames a suspect beside runs that began before it', () => {
    const task = held('a', 2, 10);
    const others = [held('b', 1, 9), held('c', 0, 3, 'chat')];
    expect(assessDeath(task, [{ deaths: 2 }], [task, ...others])).toMatchObject({ isCause: true });
  });

  it.each([
    ['another suspect', held('b', 2, 9)],
    ['a task that came after it', held('b', 0, 11)],
    ['a chat that came after it', held('b', 0, 11, 'chat')],
    ['a stream that came with it', held('b', 0, 10, 'stream')],
  ])('does not blame a suspect beside %s', (_, other) => {
    const task = held('a', 2, 10);
    for (const calls of [[], [{ deaths: 2 }]]) {
      expect(assessDeath(task, calls, [task, other])).toEqual({
        crashes: 3,
        callDeaths: 2,
        isCause: false,
        isOver: false,
      });
    }
  });

  it('gives up a task at its tenth death in a row, even beside other runs', () => {
    const other = held('b', 0, 11, 'chat');
    const isOver = (crashes: number) => {
      const task = held('a', crashes, 10);
      return assessDeath(task, [], [task, other]).isOver;
    };
    expect([8, 9].map(isOver)).toEqual([false, true]);
  });

  const chats = [held('b', 0, 11, 'chat'), held('c', 0, 11, 'stream')];

  it('blames a call at the fifth death in a row if only chats and streams began beside it', () => {
    const verdicts = [3, 4].map((crashes) => {
      const task = held('a', crashes, 10);
      return assessDeath(task, [{ deaths: 2 }], [task, ...chats]);
    });
    expect(verdicts).toEqual([
      { crashes: 4, callDeaths: 2, isCause: false, isOver: false },
      { crashes: 5, callDeaths: 5, isCause: true, isOver: false },
    ]);
  });

  it.each([
    ['without a call', [], []],
    ['beside a later task', [{ deaths: 2 }], [held('d', 0, 11)]],
    ['beside another suspect', [{ deaths: 2 }], [held('d', 2, 9)]],
  ])('does not blame a task %s at the fifth death in a row', (_, calls, others) => {
    const task = held('a', 4, 10);
    expect(assessDeath(task, calls, [task, ...chats, ...others])).toMatchObject({ isCause: false, isOver: false });
  });

  it('does not blame a suspect beside an older one, which may kill its process late', () => {
    const [older, task] = [held('b', 2, 1), held('a', 2, 120_000)];
    for (const each of [older, task]) expect(assessDeath(each, [], [older, task]).isCause).toBe(false);
  });
});
