import { Gate } from '../../test/support/until.js';
import { singleFlight } from './single.flight.js';

describe('singleFlight', () => {
  it('skips calls while one is in progress', async () => {
    const gate = new Gate();
    let begun = 0;
    const turn = singleFlight(async () => {
      begun++;
      await gate.opened;
    });
    const first = turn();
    await turn();
    expect(begun).toBe(1);

    gate.open();
    await first;
    await turn();
    expect(begun).toBe(2);
  });

  it('runs again after a failure', async () => {
    let begun = 0;
    const turn = singleFlight(async () => {
      begun++;
      await Promise.reject(new Error('no'));
    });
    await expect(turn()).rejects.toThrow('no');
    await expect(turn()).rejects.toThrow('no');
    expect(begun).toBe(2);
  });
});
