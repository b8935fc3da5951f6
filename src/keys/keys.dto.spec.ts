import { RequestPipe } from '../http/validation/validation.pipe.js';
import { SCOPES } from '../auth/scopes.js';
import { NewKey } from './keys.dto.js';

const pipe = new RequestPipe();

/** The fields that a new key with these scopes is refused for. */
async function faultsOf(scopes: unknown): Promise<unknown> {
  const input = { name: 'web', tenant: 'acme', scopes };
  return await pipe.transform(input, { type: 'body', metatype: NewKey }).then(
    () => [],
    (failure: unknown) => failure,
  );
}

describe('the scopes of a new key', () => {
  it('are a list without duplicates', async () => {
    expect(await faultsOf(['chat', 'tasks'])).toEqual([]);
    for (const scopes of [['chat', 'chat'], [], ['nothing'], 'chat', undefined]) {
      expect(await faultsOf(scopes)).toMatchObject({ code: 'validation_failed' });
    }
  });

  it('are not compared with each other if the list is too long', async () => {
    const scopes = Array.from({ length: SCOPES.length + 1 }, () => 'chat');
    expect(await faultsOf(scopes)).toMatchObject({ errors: [{ message: expect.stringContaining('no more than') }] });
  });
});
