import { AUDIENCE, Issuer, type IssuerFault } from '../../../test/support/servers/issuer.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import { until } from '../../../test/support/until.js';
import { KEY_TIMES } from './issuer.keys.js';
import { JwtAuthenticator } from './jwt.authenticator.js';
import type { JwtOptions } from './jwt.options.js';
import type { Principal } from '../principal.js';

const CLAIMS = { sub: 'ada', tenant: 'acme', scope: 'chat' };
const UNAVAILABLE = { code: 'identity_unavailable', status: 503 };

const captured = keepQuiet();

let issuer: Issuer;

beforeEach(async () => {
  issuer = await Issuer.start();
});
afterEach(() => issuer.close());

function start(times: Partial<typeof KEY_TIMES> = {}, options: Partial<JwtOptions> = {}): Promise<JwtAuthenticator> {
  return JwtAuthenticator.create({ issuer: issuer.url, audience: AUDIENCE, ...options }, { ...KEY_TIMES, ...times });
}

function authenticate(authenticator: JwtAuthenticator, token: string): Promise<Principal> {
  return authenticator.authenticate({ headers: { authorization: `Bearer ${token}` }, address: '127.0.0.1' });
}

describe('the keys of an issuer', () => {
  it('are found by its discovery document, with one fetch of each', async () => {
    const authenticator = await start();
    const token = await issuer.sign(CLAIMS);
    await Promise.all([authenticate(authenticator, token), authenticate(authenticator, token)]);
    expect([issuer.discoveries, issuer.fetches]).toEqual([1, 1]);
  });

  it.each<[string, Record<string, string>]>([
    ['names another issuer', { issuer: 'https://evil.example' }],
    ['has keys over plain http', { jwks_uri: 'http://192.0.2.1/jwks.json' }],
    ['has keys in a file', { jwks_uri: 'file:///etc/passwd' }],
  ])('are not used if the document %s', async (_, discovery) => {
    issuer.discovery = discovery;
    await expect(authenticate(await start(), await issuer.sign(CLAIMS))).rejects.toMatchObject(UNAVAILABLE);
    expect(issuer.fetches).toBe(0);
  });

  it.each<IssuerFault>(['away', 'garbage', 'huge', 'no keys', 'broken key', 'redirect'])(
    'get 503 with Retry-After if the issuer is faulty: %s',
    async (fault) => {
      issuer.fault = fault;
      for (const jwksUri of [undefined, issuer.jwksUri]) {
        const authenticator = await start({}, { jwksUri });
        const failure: unknown = await authenticate(authenticator, await issuer.sign(CLAIMS)).catch((error) => error);
        expect(failure).toMatchObject({ ...UNAVAILABLE, retryAfterSeconds: expect.any(Number) });
      }
    },
  );

  it('are asked for once in the cooldown while the issuer is away', async () => {
    const authenticator = await start({ cooldownMs: 60_000 }, { jwksUri: issuer.jwksUri });
    issuer.fault = 'away';
    for (let call = 0; call < 5; call++) {
      await expect(authenticate(authenticator, await issuer.sign(CLAIMS))).rejects.toMatchObject(UNAVAILABLE);
    }
    expect(issuer.fetches).toBe(1);
    expect(captured.warnings).toEqual([expect.stringContaining('the keys of an issuer are not available')]);
  });

  it('stay in use during an outage, and callers do not wait for the issuer', async () => {
    const authenticator = await start({ freshMs: 0, cooldownMs: 0 });
    const token = await issuer.sign(CLAIMS);
    await authenticate(authenticator, token);
    issuer.fault = 'away';
    await authenticate(authenticator, token);

    issuer.fault = 'silent';
    for (let call = 0; call < 5; call++)
      expect(await authenticate(authenticator, token)).toMatchObject({ id: 'sub:ada' });
  });

  it('are no longer used if the outage is too long', async () => {
    const authenticator = await start({ freshMs: 0, cooldownMs: 0, staleMs: 0 });
    const token = await issuer.sign(CLAIMS);
    await authenticate(authenticator, token);
    issuer.fault = 'away';
    await expect(authenticate(authenticator, token)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('are renewed after an outage', async () => {
    const authenticator = await start({ freshMs: 0, cooldownMs: 0 });
    await authenticate(authenticator, await issuer.sign(CLAIMS));
    issuer.fault = 'away';
    await authenticate(authenticator, await issuer.sign(CLAIMS));
    await issuer.rotate();
    const token = await issuer.sign(CLAIMS);
    await expect(authenticate(authenticator, token)).rejects.toMatchObject(UNAVAILABLE);

    issuer.fault = 'none';

    expect(await authenticate(authenticator, token)).toMatchObject({ id: 'sub:ada' });
  });
});

describe('a token that does not name its key', () => {
  it('is checked with the only key, and with each of several', async () => {
    const authenticator = await start({ freshMs: 0 });
    const first = await issuer.sign(CLAIMS, { hasKeyId: false });
    expect(await authenticate(authenticator, first)).toMatchObject({ id: 'sub:ada' });

    await issuer.rotate({ keepsOld: true });

    const second = await issuer.sign(CLAIMS, { hasKeyId: false });
    for (const token of [first, second])
      expect(await authenticate(authenticator, token)).toMatchObject({ id: 'sub:ada' });
  });

  it('is accepted if its key is new', async () => {
    const authenticator = await start({ cooldownMs: 0 });
    await authenticate(authenticator, await issuer.sign(CLAIMS));
    await issuer.rotate();
    expect(await authenticate(authenticator, await issuer.sign(CLAIMS, { hasKeyId: false }))).toMatchObject({
      id: 'sub:ada',
    });
  });

  it('is refused if no key of the issuer has signed it', async () => {
    const authenticator = await start();
    await issuer.rotate({ keepsOld: true });
    await authenticate(authenticator, await issuer.sign(CLAIMS));
    const other = await Issuer.start();
    const forged = await other.sign(CLAIMS, { hasKeyId: false, issuer: issuer.url });
    await other.close();
    await expect(authenticate(authenticator, forged)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('several issuers', () => {
  it('check their own tokens only, each with its own keys and claims', async () => {
    const other = await Issuer.start();
    const authenticator = await JwtAuthenticator.create([
      { issuer: issuer.url, audience: AUDIENCE },
      { issuer: other.url, audience: AUDIENCE, tenantClaim: 'org' },
    ]);
    expect(await authenticate(authenticator, await issuer.sign(CLAIMS))).toMatchObject({ tenant: 'acme' });
    expect(await authenticate(authenticator, await other.sign({ ...CLAIMS, org: 'shop' }))).toMatchObject({
      tenant: 'shop',
    });

    const forged = await other.sign(CLAIMS, { issuer: issuer.url });
    await expect(authenticate(authenticator, forged)).rejects.toMatchObject({ code: 'unauthenticated' });
    await until('both issuers were asked', () => issuer.discoveries > 0 && other.discoveries > 0);
    await other.close();
  });
});
