import { setImmediate as settled } from 'node:timers/promises';
import { CircuitBreaker } from './circuit.breaker.js';

const { jest } = import.meta;

type Ending = 'succeed' | 'fail' | 'abandon';

let now: number;
let heard: string[];
let breaker: CircuitBreaker;

beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  heard = [];
  breaker = new CircuitBreaker((state) => heard.push(state));
});

afterEach(() => void jest.restoreAllMocks());

/** One call after the other, each allowed. */
async function calls(...endings: readonly Ending[]): Promise<void> {
  for (const ending of endings) {
    const call = breaker.begin();
    if (call === undefined) throw new Error('The breaker refuses.');
    call[ending]();
    await settled();
  }
}

async function open(): Promise<void> {
  await calls('fail', 'fail', 'fail', 'fail', 'fail');
  expect(breaker.state).toBe('open');
}

describe('CircuitBreaker', () => {
  it('allows calls while most of them succeed', async () => {
    await calls('succeed', 'fail', 'succeed', 'fail', 'succeed', 'fail');
    expect(breaker.state).toBe('closed');
    expect(heard).toEqual([]);
  });

  it('opens only after more than half of five calls have failed', async () => {
    await calls('fail', 'fail', 'fail', 'fail');
    expect(breaker.state).toBe('closed');
    await calls('fail');
    expect(breaker.state).toBe('open');
    expect(breaker.begin()).toBeUndefined();
    expect(breaker.waitMs).toBe(10_000);
    expect(heard).toEqual(['open']);
  });

  it('counts successes too', async () => {
    await calls('succeed', 'succeed', 'succeed', 'fail', 'fail', 'fail');
    expect(breaker.state).toBe('closed');
    await calls('fail');
    expect(breaker.state).toBe('open');
  });

  it('does not count abandoned calls', async () => {
    await calls('abandon', 'abandon', 'abandon', 'abandon', 'fail', 'fail', 'fail', 'fail');
    expect(breaker.state).toBe('closed');
  });

  it('forgets failures after ten seconds, even with few calls', async () => {
    for (let count = 0; count < 20; count++) {
      await calls('fail');
      now += 2501;
    }
    expect(breaker.state).toBe('closed');
  });

  it('remembers failures of the last ten seconds', async () => {
    for (let count = 0; count < 5; count++) {
      if (count > 0) now += 2400;
      await calls('fail');
    }
    expect(breaker.state).toBe('open');
  });

  it('allows one call after ten seconds, and closes if it succeeds', async () => {
    await open();
    now += 9999;
    expect(breaker.begin()).toBeUndefined();
    now += 1;
    expect(breaker.state).toBe('half-open');
    const probe = breaker.begin();
    expect(probe?.isProbe).toBe(true);
    expect(breaker.begin()).toBeUndefined();
    expect(breaker.isRefusing).toBe(true);

    probe?.succeed();
    await settled();
    expect(breaker.state).toBe('closed');
    expect(heard).toEqual(['open', 'closed']);
    // Earlier failures no longer count.
    await calls('fail', 'fail', 'fail');
    expect(breaker.state).toBe('closed');
  });

  it.each(['fail', 'abandon'] as const)('opens for another ten seconds if that call does %s', async (ending) => {
    await open();
    now += 10_000;
    await calls(ending);
    expect(breaker.state).toBe('open');
    expect(breaker.waitMs).toBe(10_000);
    expect(heard).toEqual(['open', 'open']);
  });

  it('uses the first report of a call', async () => {
    const call = breaker.begin();
    call?.succeed();
    for (let count = 0; count < 9; count++) call?.fail();
    await settled();
    await calls('succeed', 'fail', 'fail');
    expect(breaker.state).toBe('closed');
  });
});
