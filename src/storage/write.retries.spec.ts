import { Logger } from '@nestjs/common';
import { keepQuiet } from '../../test/support/quiet.js';
import { WriteRetries } from './write.retries.js';

const { jest } = import.meta;

const about = { msg: 'it could not be written', cause: new Error('disk is full') };

let retries: WriteRetries;

beforeEach(() => {
  retries = new WriteRetries();
});
afterEach(() => retries.beforeApplicationShutdown());

const captured = keepQuiet();

/** A write that fails so many times, and then succeeds. */
const failing = (times: number) => {
  const write = jest.fn<Promise<void>, []>().mockResolvedValue(undefined);
  for (let n = 0; n < times; n++) write.mockRejectedValueOnce(new Error('disk is full'));
  return write;
};

describe('WriteRetries', () => {
  it('repeats a write until it succeeds', async () => {
    const write = failing(1);
    await retries.retry(about, write);
    expect(write).toHaveBeenCalledTimes(2);
    expect(captured.warnings).toEqual([expect.stringContaining('it could not be written')]);
  });

  it('tries a write a last time when the service stops', async () => {
    const write = failing(0);
    const repeated = retries.retry(about, write);
    await retries.beforeApplicationShutdown();
    expect(write).toHaveBeenCalledTimes(1);
    await repeated;
  });

  it('gives up a write that still fails when the service stops', async () => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const write = failing(9);
    const repeated = retries.retry(about, write);
    await retries.beforeApplicationShutdown();
    await repeated;
    expect(write).toHaveBeenCalledTimes(1);
    expect(errors).toHaveBeenCalledWith(expect.objectContaining({ msg: 'it could not be written; giving up' }));
  });
});
