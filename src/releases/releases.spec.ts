import { setTimeout as sleep } from 'node:timers/promises';
import { OpenFeature, InMemoryProvider } from '@openfeature/server-sdk';
import { flagsOf, ReleaseFiles } from '../../test/support/service/releases.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Releases } from './releases.js';
import type { FlagProvider, ReleaseOptions } from './releases.options.js';

const { jest } = import.meta;

const SESSIONS = Array.from({ length: 1000 }, (_, index) => `session-${index}`);
const captured = keepQuiet();
let errors: string[];
let files: ReleaseFiles;
let releases: Releases;

beforeEach(async () => {
  const { Logger } = await import('@nestjs/common');
  errors = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => {
    const cause = typeof line === 'object' && line !== null && 'cause' in line ? line.cause : line;
    errors.push(String(cause));
  });
  files = await ReleaseFiles.create({
    'one.yaml': 'name: poet-1\nrole: poet\ninstructions: Rhyme.',
    'two.yaml': 'name: poet-2\nrole: poet\ninstructions: Do not rhyme.',
    'critic.yaml': 'name: critic-1\nrole: critic\ninstructions: Scold.',
  });
});

afterEach(async () => {
  releases.onApplicationShutdown();
  await files.remove();
});

async function open(options: Partial<ReleaseOptions> = {}): Promise<void> {
  const source = { directory: files.directory, ...options };
  releases = new Releases({ source }, { roles: ['poet', 'critic'], modelNames: undefined });
  await releases.onModuleInit();
}

async function chosen(sessionId: string, role = 'poet', pinned?: string): Promise<string> {
  const map = await releases.choose({ role, pinned, others: [role], sessionId, principal: HOST_PRINCIPAL });
  return map.get(role)?.name ?? 'code';
}

async function sessionsOf(name: string): Promise<Set<string>> {
  const names = await Promise.all(SESSIONS.map((session) => chosen(session)));
  return new Set(SESSIONS.filter((_, index) => names[index] === name));
}

const changed = (name: string, content: string | object, until_: () => Promise<boolean>) =>
  files.write(name, content).then(() => until('the change is applied', until_, 10_000));

describe('the releases of a folder', () => {
  it('are used by their share of the sessions, always the same ones', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'poet-2': 20, 'poet-1': 30, code: 50 } }));
    await open();

    const second = await sessionsOf('poet-2');
    expect(second.size).toBeGreaterThan(160);
    expect(second.size).toBeLessThan(240);
    expect((await sessionsOf('poet-1')).size).toBeGreaterThan(250);
    expect(await sessionsOf('poet-2')).toEqual(second);
  });

  it('stay with their sessions while their share grows, until they are rolled back', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'poet-2': 20, code: 80 } }));
    await open();
    const before = await sessionsOf('poet-2');

    const half = flagsOf({ poet: { 'poet-2': 50, code: 50 } });
    await changed('flags.yaml', half, async () => (await sessionsOf('poet-2')).size > before.size);
    const after = await sessionsOf('poet-2');
    expect(after.size).toBeLessThan(600);
    expect([...before].filter((session) => !after.has(session))).toEqual([]);

    const [first = ''] = before;
    await changed('flags.yaml', flagsOf({ poet: { code: 100 } }), async () => (await chosen(first)) === 'code');
    expect(await sessionsOf('code')).toEqual(new Set(SESSIONS));
  });

  it('ignore an invalid change, logged once, and follow the next valid one', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'poet-2': 1 } }));
    await open();

    await files.write('flags.yaml', flagsOf({ poet: { 'poet-3': 1 } }));
    await until('it is refused', () => errors.length > 0, 10_000);
    expect(errors).toEqual([
      expect.stringMatching(/flags.yaml: flag "release.poet": its variant "poet-3" names no release/),
    ]);
    expect(await chosen('s')).toBe('poet-2');

    await changed('three.yaml', 'name: poet-3\nrole: poet', async () => (await chosen('s')) === 'poet-3');
    expect(releases.list().map(({ name }) => name)).toEqual(['critic-1', 'poet-1', 'poet-3', 'poet-2']);
    expect(errors).toHaveLength(1);
  });

  it('stay if the flags or the whole folder vanish', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'poet-2': 1 } }));
    await open();

    await files.drop('flags.yaml');
    await until('it is refused', () => errors.length > 0, 10_000);
    expect(errors[0]).toMatch(/The flags are gone/);
    await files.remove();
    await until('it is refused', () => errors.length > 1, 10_000);
    expect(errors[1]).toMatch(/the folder .* does not exist/);
    expect(await chosen('s')).toBe('poet-2');
    files = await ReleaseFiles.create();
  });

  it('are selected by flags that are added later', async () => {
    await open();
    expect(await chosen('s')).toBe('code');

    await changed('flags.yaml', flagsOf({ poet: { 'poet-1': 1 } }), async () => (await chosen('s')) === 'poet-1');
  });

  it('are selected by tenant and end user too', async () => {
    const rule = {
      if: [{ and: [{ '==': [{ var: 'tenant' }, 'default'] }, { '==': [{ var: 'end_user' }, 'ann'] }] }, 'new', 'old'],
    };
    const flag = { state: 'ENABLED', variants: { new: 'poet-2', old: 'code' }, defaultVariant: 'old', targeting: rule };
    await files.write('flags.yaml', { flags: { 'release.poet': flag } });
    await open();

    const request = { role: 'poet', pinned: undefined, others: [], sessionId: 's' };
    const ofAnn = await releases.choose({ ...request, principal: { ...HOST_PRINCIPAL, endUser: 'ann' } });
    expect(ofAnn.get('poet')?.name).toBe('poet-2');
    expect(await chosen('s')).toBe('code');
  });

  it('are not selected by a disabled flag', async () => {
    const flag = { state: 'DISABLED', variants: { new: 'poet-2' }, defaultVariant: 'new' };
    await files.write('flags.yaml', { flags: { 'release.poet': flag } });
    await open();

    expect(await chosen('s')).toBe('code');
    expect(captured.warnings).toEqual([]);
  });

  it('prevent the start with a fault', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'critic-1': 1 } }));

    await expect(open()).rejects.toThrow(/its variant "critic-1" is a release of critic/);
  });

  it('can be pinned, but only for their own role', async () => {
    await files.write('flags.yaml', flagsOf({ poet: { 'poet-2': 1 } }));
    await open();

    expect(await chosen('s', 'poet', 'poet-1')).toBe('poet-1');
    expect(await chosen('s', 'poet', 'code')).toBe('code');
    for (const pin of ['critic-1', 'poet-3', '__proto__']) {
      await expect(chosen('s', 'poet', pin)).rejects.toMatchObject({
        code: 'validation_failed',
        message: `No release "${pin}" of poet. Offered: code, poet-1, poet-2.`,
        errors: [{ field: 'release' }],
      });
    }
  });

  it('stay available to their runs after removal from the folder', async () => {
    await open();
    await files.drop('two.yaml');
    await until('it has ended', () => !releases.list().some(({ name }) => name === 'poet-2'), 10_000);

    expect(releases.restore({ poet: 'poet-2' }).get('poet')?.instructions).toBe('Do not rhyme.');
    expect(releases.restore({ poet: 'poet-9' }).size).toBe(0);
    expect(captured.warnings).toEqual([expect.stringMatching(/goes on without its release/)]);
  });
});

describe("flags of the host's provider", () => {
  it('select releases, and leave the global provider unchanged', async () => {
    const flag = { variants: { on: 'poet-1' }, defaultVariant: 'on', disabled: false };
    await open({ provider: new InMemoryProvider({ 'release.poet': flag }) });

    expect(await chosen('s')).toBe('poet-1');
    expect(await chosen('s', 'critic')).toBe('code');
    expect(OpenFeature.getProvider().metadata.name).toBe('No-op Provider');
    expect(captured.warnings).toEqual([]);
  });

  it.each([
    {
      what: 'name an unknown release',
      answer: async () => ({ value: 'poet-7' }),
      warning: /the flag of poet names "poet-7"/,
    },
    {
      what: 'fail',
      answer: async () => Promise.reject(new Error('out of order')),
      warning: /release.poet cannot be evaluated: out of order/,
    },
    {
      what: 'have another type',
      answer: async () => ({ value: 'poet-1', errorCode: 'TYPE_MISMATCH' }),
      warning: /release.poet cannot be evaluated: TYPE_MISMATCH/,
    },
    { what: 'do not answer', answer: () => new Promise<never>(() => undefined), warning: /not evaluated within/ },
  ])('leave agents as coded and log one warning if they $what', async ({ answer, warning }) => {
    const provider: FlagProvider = { metadata: { name: 'odd' }, resolveStringEvaluation: answer };
    await open({ provider });

    expect(await Promise.all([chosen('a'), chosen('b')])).toEqual(['code', 'code']);
    expect(captured.warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('select nothing until they are reachable', async () => {
    const provider = Object.assign(new InMemoryProvider(), {
      initialize: () => Promise.reject(new Error('no route')),
    });
    await open({ provider });
    await sleep(0);

    expect(await chosen('s')).toBe('code');
    expect(captured.warnings).toEqual([expect.stringMatching(/the flags cannot be reached/)]);
  });
});
