import { AUDIENCE, Issuer, type TokenOptions, unsigned } from '../../../test/support/servers/issuer.js';
import { AgentError } from '../../errors/agent.error.js';
import { JwtAuthenticator } from './jwt.authenticator.js';
import type { Principal } from '../principal.js';

const COOLDOWN_MS = 50;
const TIMES = { cooldownMs: COOLDOWN_MS, freshMs: 600_000, staleMs: 3_600_000 };
const CLAIMS = { sub: 'ada', tenant: 'acme', scope: 'chat tasks openid' };

let issuer: Issuer;
let authenticator: JwtAuthenticator;

beforeEach(async () => {
  issuer = await Issuer.start();
  const options = { issuer: issuer.url, audience: AUDIENCE, jwksUri: issuer.jwksUri };
  authenticator = await JwtAuthenticator.create(options, TIMES);
});
afterEach(() => issuer.close());

function authenticate(token: string, more: Record<string, string> = {}): Promise<Principal> {
  return authenticator.authenticate({ headers: { authorization: `Bearer ${token}`, ...more }, address: '127.0.0.1' });
}

async function refusalOf(token: string): Promise<string> {
  const failure = await authenticate(token).catch((error: unknown) => error);
  if (!(failure instanceof AgentError))
    throw new Error('The token was accepted, or failed otherwise.', { cause: failure });
  expect(failure.code).toBe('unauthenticated');
  expect(failure.message).not.toContain(token);
  return failure.message;
}

describe('a token', () => {
  it('gives the tenant, its sub as the end user, and the known scopes', async () => {
    expect(await authenticate(await issuer.sign(CLAIMS))).toEqual({
      tenant: 'acme',
      id: 'sub:ada',
      scopes: ['chat', 'tasks'],
      endUser: 'ada',
    });
  });

  it('may have a list of scopes, or none', async () => {
    expect((await authenticate(await issuer.sign({ ...CLAIMS, scope: ['admin', 7] }))).scopes).toEqual(['admin']);
    expect((await authenticate(await issuer.sign({ ...CLAIMS, scope: undefined }))).scopes).toEqual([]);
  });

  it.each<[string, object, TokenOptions, RegExp]>([
    ['is of another issuer', {}, { issuer: 'https://evil.example' }, /claim iss/],
    ['is for another audience', {}, { audience: 'billing' }, /claim aud/],
    ['has expired', {}, { expiresIn: -60 }, /expired/],
    ['is not valid yet', { nbf: 4_000_000_000 }, {}, /claim nbf/],
    ['has no tenant', { tenant: undefined }, {}, /tenant/],
    ['has an invalid tenant', { tenant: 'a/b' }, {}, /tenant/],
    ['has no sub', { sub: undefined }, {}, /claim sub/],
  ])('is refused if it %s', async (_, claims, options, reason) => {
    expect(await refusalOf(await issuer.sign({ ...CLAIMS, ...claims }, options))).toMatch(reason);
  });

  it('is refused if it is signed with the public key as the secret, or not at all', async () => {
    expect(await refusalOf(await issuer.confuse(CLAIMS))).toMatch(/must be signed/);
    expect(await refusalOf(unsigned({ ...CLAIMS, iss: issuer.url, aud: AUDIENCE }))).toMatch(/signed/);
  });

  it('is refused if it was changed, or is not a token', async () => {
    const [head = '', , signature = ''] = (await issuer.sign(CLAIMS)).split('.');
    const body = Buffer.from(JSON.stringify({ ...CLAIMS, iss: issuer.url, scope: 'admin' })).toString('base64url');
    expect(await refusalOf(`${head}.${body}.${signature}`)).toMatch(/signature/);
    expect(await refusalOf('rk_0123456789abcdef_AAAA')).toMatch(/not a signed token/);
    expect(await refusalOf('a.b.c')).toMatch(/not a signed token/);
  });

  it('is refused together with X-End-User', async () => {
    await expect(authenticate(await issuer.sign(CLAIMS), { 'x-end-user': 'bob' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('the keys of the issuer', () => {
  it('are fetched once, and again for an unknown key id, but not for every such token', async () => {
    const old = await issuer.sign(CLAIMS);
    await Promise.all([authenticate(old), authenticate(old)]);
    expect(issuer.fetches).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, COOLDOWN_MS));

    await issuer.rotate();

    expect(await authenticate(await issuer.sign(CLAIMS))).toMatchObject({ tenant: 'acme' });
    expect(await refusalOf(old)).toMatch(/does not have/);
    expect(await refusalOf(old)).toMatch(/does not have/);
    expect(issuer.fetches).toBe(2);
  });
});

describe('the expiry of a token', () => {
  it('is reported to requests in progress', async () => {
    const principal = await authenticate(await issuer.sign(CLAIMS, { expiresIn: -4.99 }));
    await new Promise<void>((resolve) => authenticator.onCredentialsExpired(principal, resolve));
  });
});
