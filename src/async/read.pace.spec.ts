import { setImmediate } from 'node:timers/promises';
import { ReadPace } from './read.pace.js';

class Load {
  nowMs = 0;
  share = 1;
  readonly windowsMs: number[] = [];
  #work: (() => void)[] = [];

  now(): number {
    return this.nowMs;
  }
  busyShare(): number {
    return this.share;
  }
  after(timeMs: number, work: () => void): void {
    this.windowsMs.push(timeMs);
    this.#work.push(work);
  }
  /** Ends the windows that are open. */
  pass(): void {
    this.nowMs += this.windowsMs.at(-1) ?? 0;
    for (const work of this.#work.splice(0)) work();
  }
}

function busyPace({ streams = 10_000 } = {}): { load: Load; pace: ReadPace } {
  const load = new Load();
  const pace = new ReadPace(load);
  for (let stream = 0; stream < streams; stream++) pace.open();
  load.nowMs += 100;
  expect(pace.isBusy()).toBe(true);
  return { load, pace };
}

describe('ReadPace', () => {
  it('does not hold up readers while the event loop is idle for 40 % of the time', () => {
    const load = new Load();
    load.share = 0.6;
    const pace = new ReadPace(load);
    for (let stream = 0; stream < 10_000; stream++) pace.open();
    for (let round = 0; round < 5; round++) {
      load.nowMs += 100;
      expect(pace.isBusy()).toBe(false);
    }
  });

  it('wakes all readers of a window at its end, each once', () => {
    const { load, pace } = busyPace();
    const woken: string[] = [];
    pace.wakeLater(() => woken.push('a'));
    pace.wakeLater(() => woken.push('b'));
    expect([woken, load.windowsMs]).toEqual([[], [100]]);
    load.pass();
    load.pass();
    expect(woken).toEqual(['a', 'b']);
  });

  it('opens the next window for a reader that waits again when it wakes', () => {
    const { load, pace } = busyPace();
    let woken = 0;
    const again = (): void => {
      woken++;
      pace.wakeLater(again);
    };
    pace.wakeLater(again);
    load.pass();
    expect(woken).toBe(1);
    load.pass();
    expect(woken).toBe(2);
  });

  it('makes windows longer up to 200 ms, and shorter down to 0', () => {
    const { load, pace } = busyPace();
    for (let round = 0; round < 9; round++) {
      pace.wakeLater(() => undefined);
      load.pass();
    }
    expect(load.windowsMs.slice(0, 3)).toEqual([100, 150, 175]);
    expect(load.windowsMs.at(-1)).toBeCloseTo(200, 0);
    load.share = 0.2;
    let rounds = 0;
    for (; pace.isBusy(); rounds++) {
      pace.wakeLater(() => undefined);
      load.pass();
    }
    expect(rounds).toBeLessThan(10);
  });

  it('makes windows longer with each open stream, and none for few', () => {
    const { load, pace } = busyPace({ streams: 300 });
    for (let stream = 0; stream < 200; stream++) pace.close();
    for (let round = 0; round < 9; round++) {
      pace.wakeLater(() => undefined);
      load.pass();
    }
    expect(load.windowsMs.at(-1)).toBeCloseTo(30, 0);
    for (let stream = 0; stream < 98; stream++) pace.close();
    for (let round = 0; round < 9 && pace.isBusy(); round++) {
      pace.wakeLater(() => undefined);
      load.pass();
    }
    expect(pace.isBusy()).toBe(false);
  });

  it('serves others between two lots of readers', async () => {
    const { load, pace } = busyPace();
    let woken = 0;
    for (let reader = 0; reader < 600; reader++) pace.wakeLater(() => woken++);
    load.pass();
    expect(woken).toBe(256);
    await setImmediate();
    expect(woken).toBe(512);
    await setImmediate();
    expect(woken).toBe(600);
  });
});
