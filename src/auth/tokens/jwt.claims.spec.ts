import { AUDIENCE, Issuer, type TokenOptions } from '../../../test/support/servers/issuer.js';
import { JwtAuthenticator } from './jwt.authenticator.js';
import type { JwtOptions } from './jwt.options.js';
import type { Principal } from '../principal.js';

const { jest } = import.meta;

const DAY_SECONDS = 86_400;
const CLAIMS = { sub: 'ada', tenant: 'acme', scope: 'chat' };

let issuer: Issuer;

beforeAll(async () => {
  issuer = await Issuer.start();
});
afterAll(() => issuer.close());

async function principalFor(
  claims: Record<string, unknown>,
  options: Partial<JwtOptions>,
  token: TokenOptions = {},
): Promise<Principal> {
  const authenticator = await JwtAuthenticator.create({ issuer: issuer.url, audience: AUDIENCE, ...options });
  const bearer = await issuer.sign(claims, token);
  return await authenticator.authenticate({ headers: { authorization: `Bearer ${bearer}` }, address: '127.0.0.1' });
}

describe('the claims of a token', () => {
  it.each<[string, Record<string, unknown>, Partial<JwtOptions>, Partial<Principal>]>([
    ['scp as text', { scope: undefined, scp: 'chat tasks' }, {}, { scopes: ['chat', 'tasks'] }],
    ['scp as a list', { scope: undefined, scp: ['chat'] }, {}, { scopes: ['chat'] }],
    ['scope before scp', { scp: 'tasks' }, {}, { scopes: ['chat'] }],
    ['a path', { realm_access: { roles: ['tasks'] } }, { scopeClaim: 'realm_access.roles' }, { scopes: ['tasks'] }],
    ['a name with dots', { 'https://x.io/t': 'shop' }, { tenantClaim: 'https://x.io/t' }, { tenant: 'shop' }],
    [
      'another user claim',
      { email: 'ada@x.io', sub: undefined },
      { userClaim: 'email' },
      { endUser: 'ada@x.io', id: 'sub:ada@x.io' },
    ],
    ['only scopes with the prefix', { scope: 'admin r:chat r:' }, { scopePrefix: 'r:' }, { scopes: ['chat'] }],
    ['admin by default', { scope: 'admin' }, {}, { scopes: ['admin'] }],
    ['admin only if it is allowed', { scope: 'admin chat' }, { allowAdmin: false }, { scopes: ['chat'] }],
  ])('give %s', async (_, claims, options, expected) => {
    expect(await principalFor({ ...CLAIMS, ...claims }, options)).toMatchObject(expected);
  });

  it.each<[string, Record<string, unknown>, Partial<JwtOptions>, RegExp]>([
    ['the path of the tenant ends early', { org: 'acme' }, { tenantClaim: 'org.id' }, /claim org\.id/],
    ['a path leads to a name of every object', {}, { userClaim: 'constructor.name' }, /claim constructor\.name/],
    ['the user is not text', { uid: 7 }, { userClaim: 'uid' }, /claim uid/],
  ])('are refused if %s', async (_, claims, options, message) => {
    const refused = expect(principalFor({ ...CLAIMS, ...claims }, options)).rejects;
    await refused.toMatchObject({ code: 'unauthenticated', message: expect.stringMatching(message) });
  });
});

describe('the required type of a token', () => {
  it('excludes tokens of other types', async () => {
    const options = { type: 'at+jwt' };
    expect(await principalFor(CLAIMS, options, { type: 'application/at+jwt' })).toMatchObject({ id: 'sub:ada' });
    for (const type of [undefined, 'JWT']) {
      await expect(principalFor(CLAIMS, options, { type })).rejects.toMatchObject({
        code: 'unauthenticated',
        message: "The token's header typ is missing or not valid.",
      });
    }
  });
});

describe('the expiry of a token', () => {
  afterEach(() => jest.useRealTimers());

  it('ends requests in progress, also weeks later', async () => {
    const authenticator = await JwtAuthenticator.create({ issuer: issuer.url, audience: AUDIENCE });
    const expiresIn = 60 * DAY_SECONDS;
    const headers = { authorization: `Bearer ${await issuer.sign(CLAIMS, { expiresIn })}` };
    const principal = await authenticator.authenticate({ headers, address: '127.0.0.1' });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    let hasEnded = false;
    authenticator.onCredentialsExpired(principal, () => (hasEnded = true));
    jest.advanceTimersByTime((expiresIn - 10) * 1000);
    expect(hasEnded).toBe(false);
    jest.advanceTimersByTime(20_000);
    expect(hasEnded).toBe(true);
  });
});

describe('the longest age of a token', () => {
  it('counts from iat, whatever its exp', async () => {
    expect(await principalFor(CLAIMS, { maxAgeSeconds: 3700 })).toMatchObject({ id: 'sub:ada' });
    await expect(principalFor(CLAIMS, { maxAgeSeconds: 3000 })).rejects.toMatchObject({
      message: 'The token has expired.',
    });
  });

  it('ends requests in progress', async () => {
    const options = { issuer: issuer.url, audience: AUDIENCE, maxAgeSeconds: 3597 };
    const authenticator = await JwtAuthenticator.create(options);
    const headers = { authorization: `Bearer ${await issuer.sign(CLAIMS)}` };
    const principal = await authenticator.authenticate({ headers, address: '127.0.0.1' });
    await new Promise<void>((resolve) => authenticator.onCredentialsExpired(principal, resolve));
  });
});
