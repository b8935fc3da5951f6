import { Gate } from '../../test/support/until.js';
import { singleFlight } from './single.flight.js';

describe('work of which there is one at a time', () => {
  it('leaves out the turns that come while it is under way', async () => {
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

  it('has another turn after one that failed', async () => {
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
