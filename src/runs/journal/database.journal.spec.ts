import { msOf } from '../../../test/support/time.js';
import { usagesOf } from './database.journal.js';

const step = (name: string, inputTokens: number, state: 'started' | 'finished' = 'finished') => ({
  run_id: 'r',
  step: name,
  state,
  inherited: null,
  body: JSON.stringify({ model: 'm', usage: { inputTokens, outputTokens: 0 } }),
});

describe('the usage of finished steps', () => {
  it('has the turns of a called agent until the call is finished', () => {
    const steps = [step('1', 1), step('1.0/1', 10), step('1.0/1.2/1', 100), step('1.10/1', 1000)];
    const tokens = (more: typeof steps) => usagesOf([...steps, ...more]).map(({ usage }) => usage.inputTokens);

    expect(tokens([])).toEqual([1, 10, 100, 1000]);
    expect(tokens([step('1.0', 111, 'started')])).toEqual([1, 10, 100, 1000]);
    expect(tokens([step('1.0/1.2', 100)])).toEqual([1, 10, 1000, 100]);
    expect(tokens([step('1.0', 111)])).toEqual([1, 1000, 111]);
  });

  it('has the model of a turn, and no model for a call', () => {
    expect(usagesOf([step('1', 1), step('1.0', 1)]).map(({ model }) => model)).toEqual(['m', undefined]);
  });

  it('is summed quickly for 100,000 calls', () => {
    const steps = Array.from({ length: 100_000 }, (_, index) => step(`1.${index}`, 1));
    // A comparison of each call with all others takes minutes.
    expect(msOf(() => usagesOf(steps))).toBeLessThan(10_000);
  });
});
