import { AttemptPreparations } from './attempt.preparations.js';

/** Ends when its signal aborts. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

describe('AttemptPreparations', () => {
  it('aborts a preparation at the deadline of the run', async () => {
    const preparations = new AttemptPreparations();
    const prepared = preparations.prepare('a', 5, untilAborted);
    expect(preparations.ids).toEqual(['a']);

    await expect(prepared).rejects.toMatchObject({ code: 'agent_timeout' });
    expect(preparations.ids).toEqual([]);
  });

  it('aborts the preparation of one run, or of all, also of later ones', async () => {
    const preparations = new AttemptPreparations();
    const [one, other] = [
      preparations.prepare('a', 60_000, untilAborted),
      preparations.prepare('b', 60_000, untilAborted),
    ];
    preparations.abort('a', new Error('cancelled'));
    await expect(one).rejects.toThrow('cancelled');
    expect(preparations.ids).toEqual(['b']);

    preparations.abortAll(new Error('the service stops'));
    await expect(other).rejects.toThrow('the service stops');

    // A task that was just claimed may open after that.
    await expect(preparations.prepare('c', 5, untilAborted)).rejects.toThrow('the service stops');
    expect(preparations.ids).toEqual([]);
  });
});
