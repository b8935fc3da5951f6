import { RookeryClient } from './index.js';

describe('the options of RookeryClient', () => {
  it.each([
    [{ baseUrl: '127.0.0.1:8000' }, 'baseUrl must be an http or https URL'],
    [{ baseUrl: undefined }, 'baseUrl is missing'],
    [{ baseUrl: 'http://rookery.test/api/v1' }, 'baseUrl must not include /api'],
    [{ apiKey: '' }, 'apiKey must be a non-empty string'],
    [{ apiKey: 'rookery_1', token: 't' }, 'set either apiKey or token, not both'],
    [
      { timeoutMs: 0, maxRetries: -1 },
      'timeoutMs must be a whole number from 1 to 2147483647; maxRetries must be a whole',
    ],
    [{ timeout: 5000 }, 'timeout is not an option; the options are baseUrl, apiKey,'],
  ])('are refused by their names: %o', (options, fault) => {
    // The options of a program in JavaScript have no types.
    const given = { baseUrl: 'http://rookery.test', ...options };

    const create = (): RookeryClient => Reflect.construct(RookeryClient, [given]);

    expect(create).toThrow(TypeError);
    expect(create).toThrow(`RookeryClient: ${fault}`);
  });

  it('are required', () => {
    expect(() => Reflect.construct(RookeryClient, [])).toThrow('RookeryClient: the options are missing.');
  });
});
