import { Gate } from '../../test/support/until.js';
import { RequestScope } from './request.scope.js';

const { jest } = import.meta;

const late = new Error('late');
const limit = { timeoutMs: 1000, reason: () => late };

describe('RequestScope', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('has the result or the failure of the work, and leaves no timer', async () => {
    await expect(RequestScope.run(limit, () => Promise.resolve('done'))).resolves.toBe('done');
    await expect(RequestScope.run(limit, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const broken = (): Promise<never> => {
      throw new Error('at once');
    };
    await expect(RequestScope.run(limit, broken)).rejects.toThrow('at once');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('fails at its limit, and refuses what has not begun', async () => {
    const gate = new Gate();
    const next = Promise.withResolvers<boolean>();
    const ended = RequestScope.run(limit, async () => {
      await gate.opened;
      next.resolve(RequestScope.current?.isLate === true);
      // Nobody waits for it any more.
      throw new Error('too late');
    });
    jest.advanceTimersByTime(1000);
    await expect(ended).rejects.toBe(late);
    gate.open();
    expect(await next.promise).toBe(true);
  });

  it('aborts its signal at its limit, whenever it is asked for', async () => {
    const gate = new Gate();
    const scopes: (RequestScope | undefined)[] = [];
    const ended = RequestScope.run(limit, async () => {
      scopes.push(RequestScope.current);
      expect(RequestScope.current?.signal.aborted).toBe(false);
      await gate.opened;
    });
    const other = RequestScope.run(limit, async () => {
      scopes.push(RequestScope.current);
      await gate.opened;
    });
    jest.advanceTimersByTime(1000);
    await expect(ended).rejects.toBe(late);
    await expect(other).rejects.toBe(late);
    expect(scopes.map((scope) => scope?.signal.reason)).toEqual([late, late]);
    gate.open();
  });

  it('waits for a commit that has begun', async () => {
    const gate = new Gate();
    const ended = RequestScope.run(limit, async () => {
      RequestScope.current?.beginCommit();
      await gate.opened;
      return 'committed';
    });
    jest.advanceTimersByTime(5000);
    gate.open();
    expect(await ended).toBe('committed');
  });

  it('never aborts what the request has left behind', async () => {
    const gate = new Gate();
    const left = Promise.withResolvers<boolean | undefined>();
    await RequestScope.run(limit, () => {
      void gate.opened.then(() => left.resolve(RequestScope.current?.isLate));
      return Promise.resolve();
    });
    jest.advanceTimersByTime(5000);
    gate.open();
    expect(await left.promise).toBe(false);
  });

  it('does not reach work outside of it', async () => {
    expect(RequestScope.current).toBeUndefined();
    await RequestScope.run(limit, () => {
      expect(RequestScope.current).toBeDefined();
      expect(RequestScope.leave(() => RequestScope.current)).toBeUndefined();
      return Promise.resolve();
    });
  });
});
