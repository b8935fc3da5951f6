import { InMemoryProvider } from '@openfeature/server-sdk';
import { keepQuiet } from '../../test/support/quiet.js';
import { flagsOf, ReleaseFiles } from '../../test/support/service/releases.js';
import type { Principal } from '../auth/principal.js';
import { Releases } from './releases.js';
import type { ReleaseOptions } from './releases.options.js';

const CALLER: Principal = { tenant: 'acme', id: 'key:1', scopes: ['chat', 'tasks'] };

let files: ReleaseFiles;
let releases: Releases;

keepQuiet();

beforeEach(async () => {
  files = await ReleaseFiles.create({
    'one.yaml': 'name: poet-1\nrole: poet\ninstructions: Rhyme.',
    'two.yaml': 'name: poet-2\nrole: poet\ninstructions: Do not rhyme.',
    'draft.yaml': 'name: poet-draft\nrole: poet\ninstructions: A draft.',
    'critic.yaml': 'name: critic-1\nrole: critic\ninstructions: Scold.',
  });
});

afterEach(async () => {
  releases.onApplicationShutdown();
  await files.remove();
});

async function open(flags?: object, options: Partial<ReleaseOptions> = {}): Promise<void> {
  if (flags !== undefined) await files.write('flags.yaml', flags);
  const source = { directory: files.directory, ...options };
  releases = new Releases({ source }, { roles: ['poet', 'critic'], modelNames: undefined });
  await releases.onModuleInit();
}

async function pin(pinned: string, principal = CALLER, sessionId = 's'): Promise<string> {
  const map = await releases.choose({ role: 'poet', pinned, others: ['poet'], sessionId, principal });
  return map.get('poet')?.name ?? 'code';
}

async function expectRefused(name: string, principal = CALLER): Promise<void> {
  await expect(pin(name, principal)).rejects.toMatchObject({
    code: 'validation_failed',
    message: `No release "${name}" of poet can be pinned. Leave the field out to get the one that is chosen for you.`,
    errors: [{ field: 'release' }],
  });
}

function targeted(targeting: object): object {
  const variants = { first: 'poet-1', second: 'poet-2', coded: 'code' };
  return { flags: { 'release.poet': { state: 'ENABLED', variants, defaultVariant: 'coded', targeting } } };
}

describe('a release that a caller pins', () => {
  it('is refused unless the flags could choose it, as an unknown one is, and no other one is named', async () => {
    await open(flagsOf({ poet: { 'poet-1': 1 } }));
    for (const name of ['poet-2', 'poet-draft', 'critic-1', 'code', 'nothing', '__proto__']) await expectRefused(name);
    expect(await pin('poet-1')).toBe('poet-1');
  });

  it.each([['releases:pin'], ['admin']] as const)('may be any release of the role with the scope %s', async (scope) => {
    await open(flagsOf({ poet: { 'poet-1': 1 } }));
    const principal: Principal = { ...CALLER, scopes: ['chat', scope] };
    expect(await pin('poet-draft', principal)).toBe('poet-draft');
    expect(await pin('code', principal)).toBe('code');
    await expect(pin('nothing', principal)).rejects.toThrow('Offered: code, poet-draft, poet-1, poet-2.');
  });

  it('may be one that the flags give to any session of the caller', async () => {
    await open(flagsOf({ poet: { 'poet-2': 1, 'poet-1': 999, code: 0 } }));
    for (const session of ['a', 'b', 'c']) {
      expect(await pin('poet-1', CALLER, session)).toBe('poet-1');
      expect(await pin('poet-2', CALLER, session)).toBe('poet-2');
    }
    // Rolled back: its share is 0.
    await expectRefused('code');
    await expectRefused('poet-draft');
  });

  it('may be one that the flags give to the tenant or end user of the caller, not to another', async () => {
    const pilot = { and: [{ '==': [{ var: 'tenant' }, 'acme'] }, { '==': [{ var: 'end_user' }, 'ada'] }] };
    await open(
      targeted({
        if: [
          pilot,
          'first',
          {
            fractional: [
              ['second', 1],
              ['coded', 99],
            ],
          },
        ],
      }),
    );
    const ada = { ...CALLER, endUser: 'ada' };
    expect(await pin('poet-1', ada)).toBe('poet-1');
    await expectRefused('poet-2', ada);
    for (const other of [CALLER, { ...CALLER, endUser: 'bob' }, { ...ada, tenant: 'other' }]) {
      await expectRefused('poet-1', other);
      expect(await pin('poet-2', other)).toBe('poet-2');
      expect(await pin('code', other)).toBe('code');
    }
  });

  it('may be only the agent as coded if the role has no flag, or a disabled one', async () => {
    await open();
    expect(await pin('code')).toBe('code');
    await expectRefused('poet-1');
    releases.onApplicationShutdown();
    const flag = { state: 'DISABLED', variants: { first: 'poet-1' }, defaultVariant: 'first', targeting: {} };
    await open({ flags: { 'release.poet': flag } });
    expect(await pin('code')).toBe('code');
    await expectRefused('poet-1');
  });

  it('may be only the one that the provider of the host chooses for this session', async () => {
    const flag = { variants: { on: 'poet-1', off: 'poet-2' }, defaultVariant: 'on', disabled: false };
    await open(undefined, { provider: new InMemoryProvider({ 'release.poet': flag }) });
    expect(await pin('poet-1')).toBe('poet-1');
    await expectRefused('poet-2');
  });

  it('may be only the agent as coded if the flag names a release that does not exist', async () => {
    const flag = { variants: { on: 'poet-9' }, defaultVariant: 'on', disabled: false };
    await open(undefined, { provider: new InMemoryProvider({ 'release.poet': flag }) });
    expect(await pin('code')).toBe('code');
    await expectRefused('poet-9');
  });
});

describe('the share of a release', () => {
  const shares = () => releases.list().map((release) => releases.shareOf(release));

  it('is that of the flag, also of several variants', async () => {
    await open(flagsOf({ poet: { 'poet-1': 1, 'poet-2': 3 } }));
    expect(shares()).toEqual([0, 0, 0.25, 0.75]);
    await renew(targeted({ fractional: [['first', 10], ['coded', 10], ['second'], ['second', 19]] }));
    expect(shares()).toEqual([0, 0, 0.25, 0.5]);
    await renew(targeted({}));
    expect(shares()).toEqual([0, 0, 0, 0]);
    await renew({ flags: { 'release.poet': { state: 'ENABLED', variants: { a: 'poet-2' }, defaultVariant: 'a' } } });
    expect(shares()).toEqual([0, 0, 0, 1]);
  });

  it('is unknown if it depends on more than the session, or without flags of the folder', async () => {
    await open(targeted({ if: [{ '==': [{ var: 'tenant' }, 'acme'] }, 'first', 'second'] }));
    expect(shares()).toEqual([0, undefined, undefined, undefined]);
    await renew(targeted({ fractional: [{ var: 'tenant' }, ['first', 1], ['second', 1]] }));
    expect(shares()).toEqual([0, undefined, undefined, undefined]);
    await renew(undefined, { provider: new InMemoryProvider({}) });
    expect(shares()).toEqual([undefined, undefined, undefined, undefined]);
  });

  async function renew(...flags: Parameters<typeof open>): Promise<void> {
    releases.onApplicationShutdown();
    await open(...flags);
  }
});
