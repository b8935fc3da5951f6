import { Openings } from './openings.js';

/** Ends when its signal aborts. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

describe('Openings', () => {
  it('aborts a preparation at the deadline of the run', async () => {
    const openings = new Openings();
    const opening = openings.open('a', 5, untilAborted);
    expect(openings.ids).toEqual(['a']);

    await expect(opening).rejects.toMatchObject({ code: 'agent_timeout' });
    expect(openings.ids).toEqual([]);
  });

  it('aborts the preparation of one run, or of all, also of later ones', async () => {
    const openings = new Openings();
    const [one, other] = [openings.open('a', 60_000, untilAborted), openings.open('b', 60_000, untilAborted)];
    openings.abort('a', new Error('cancelled'));
    await expect(one).rejects.toThrow('cancelled');
    expect(openings.ids).toEqual(['b']);

    openings.abortAll(new Error('the service stops'));
    await expect(other).rejects.toThrow('the service stops');

    // A task that was just claimed may open after that.
    await expect(openings.open('c', 5, untilAborted)).rejects.toThrow('the service stops');
    expect(openings.ids).toEqual([]);
  });
});
