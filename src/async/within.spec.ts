import { within } from './within.js';

describe('waiting for work with a limit', () => {
  it('has the result or the failure of the work', async () => {
    await expect(within(1000, Promise.resolve('done'))).resolves.toBe('done');
    await expect(within(1000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('ends with nothing if the work is late, even if the work fails afterwards', async () => {
    const work = Promise.withResolvers<string>();
    await expect(within(1, work.promise)).resolves.toBeUndefined();
    work.reject(new Error('too late'));
  });
});
