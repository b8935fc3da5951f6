import { Databases } from '../../test/support/storage/databases.js';
import { emptySqlite } from '../../test/support/storage/stores.js';
import { completeOptions } from '../options/options.defaults.js';
import { SharedSecret } from '../storage/shared.secret.js';
import { CallerNames } from './caller.names.js';
import type { Principal } from './principal.js';

const databases = new Databases(emptySqlite);
afterEach(() => databases.remove());

async function namesOf(logAddresses = true, url?: string): Promise<CallerNames> {
  const secret = await SharedSecret.read(await databases.open(url));
  return new CallerNames(secret, completeOptions({ telemetry: { logAddresses } }).auth);
}

const ADA: Principal = { tenant: 'acme', id: 'sub:ada', endUser: 'ada', scopes: ['chat'] };

const OTHERS: [string, Principal, string][] = [
  ['an API key', { tenant: 'acme', id: 'key:ada1', endUser: 'ada' }, 'key:ada1'],
  ['an operator', { ...ADA, scopes: ['admin'] }, 'sub:ada'],
  ['a caller without authentication', { tenant: 'default', id: 'ip:192.0.2.1' }, 'ip:192.0.2.1'],
  ['the host', { tenant: 'default', id: 'host' }, 'host'],
];

describe('CallerNames', () => {
  it.each(OTHERS)('names %s by its id', async (_, principal, caller) => {
    const names = await namesOf();
    expect(names.fieldsOf(principal)).toEqual({ caller, tenant: principal.tenant });
  });

  it('gives an end user a pseudonym, which another process of the database gives too', async () => {
    const url = await databases.newUrl();
    const first = await namesOf(true, url);
    const { caller } = first.fieldsOf(ADA);
    expect(caller).toMatch(/^user:[\w-]{16}$/);
    expect(first.fieldsOf({ ...ADA, tenant: 'other' }).caller).not.toBe(caller);
    const other = await namesOf();
    expect(other.fieldsOf(ADA).caller).not.toBe(caller);
  });

  it('leaves addresses out if they are not to be logged', async () => {
    const names = await namesOf(false);
    expect(names.fieldsOf({ tenant: 'default', id: 'ip:192.0.2.1' }).caller).toBe('anonymous');
    expect(names.addressOf('192.0.2.1')).toBeUndefined();
    expect((await namesOf()).addressOf('192.0.2.1')).toBe('192.0.2.1');
  });
});
