import { ReleaseFiles, flagsOf } from '../../test/support/service/releases.js';
import type { ReleasableAgents } from './release.js';
import { ReleaseFolder } from './release.folder.js';

const AGENTS = { roles: ['poet', 'critic'], modelNames: undefined };
const WHOLE = `
name: 2026-11-poet-2
role: poet
description: Rhymes more.
instructions: |
  You are a poet.
  Rhyme.
model: gpt-4o-mini
temperature: 1.2
max_turns: 3
`;

/** The flag of the poet, with one variant `a`. */
const poetFlag = (more: object) => ({
  flags: { 'release.poet': { state: 'ENABLED', variants: { a: 'code' }, defaultVariant: 'a', ...more } },
});

let files: ReleaseFiles;

afterEach(() => files.remove());

const read = (agents: ReleasableAgents = AGENTS) => new ReleaseFolder(files.directory, true).read(agents);

async function faultsOf(
  content: Readonly<Record<string, string | object>>,
  agents: ReleasableAgents = AGENTS,
): Promise<string[]> {
  files = await ReleaseFiles.create(content);
  const failure = await read(agents).catch((error: unknown) => error);
  const message = failure instanceof Error ? failure.message : '';
  return message.split('\n- ').slice(1);
}

describe('a folder of releases', () => {
  it('reads a release from each YAML file, and ignores other files', async () => {
    files = await ReleaseFiles.create({
      'poet.yaml': WHOLE,
      'short.yml': 'name: v1.0_a\nrole: critic',
      'README.md': '# Ours',
      '.poet.yaml.swp': 'name: [',
    });

    const { releases, flags } = await read();

    expect([...releases.values()]).toEqual([
      {
        name: '2026-11-poet-2',
        role: 'poet',
        description: 'Rhymes more.',
        instructions: 'You are a poet.\nRhyme.\n',
        model: 'gpt-4o-mini',
        temperature: 1.2,
        maxTurns: 3,
      },
      { name: 'v1.0_a', role: 'critic' },
    ]);
    expect(flags).toBeUndefined();
  });

  it('reports the faults of all files at once', async () => {
    const faults = await faultsOf({
      'a.yaml': WHOLE,
      'b.yaml': WHOLE,
      'broken.yaml': 'name: ok\nrole: "poet\n',
      'fields.yaml':
        'name: a b\nrole: singer\ntemperature: 3\nmodel: ""\nmax_turns: 0\ninstructions: " "\nprompt: Sing.',
      'list.yaml': '- name: a',
      'reserved.yaml': 'name: code\nrole: poet',
      'twice.yaml': 'name: t\nname: u\nrole: poet',
      'unknown-tag.yaml': 'name: !env NAME\nrole: poet',
    });

    expect(faults).toEqual([
      'b.yaml: the release "2026-11-poet-2" is in a.yaml already',
      expect.stringMatching(/^broken.yaml: Missing closing "quote at line 3, column 1$/),
      'fields.yaml: unknown field "prompt"',
      expect.stringMatching(/^fields.yaml: name must be 1–128/),
      expect.stringMatching(/^fields.yaml: instructions must not be empty/),
      expect.stringMatching(/^fields.yaml: model must be one word/),
      expect.stringMatching(/^fields.yaml: temperature must not be greater than 2/),
      expect.stringMatching(/^fields.yaml: max_turns must not be less than 1/),
      'fields.yaml: no agent "singer"; offered: poet, critic',
      expect.stringMatching(/^list.yaml: it must be a map/),
      expect.stringMatching(/^reserved.yaml: name must not be "code"/),
      expect.stringMatching(/^twice.yaml: Map keys must be unique at line 2/),
      expect.stringMatching(/^unknown-tag.yaml: Unresolved tag: !env at line 1/),
    ]);
  });

  it('refuses a model that no provider has', async () => {
    const content = { 'a.yaml': 'name: a\nrole: poet\nmodel: fast', 'b.yaml': 'name: b\nrole: poet\nmodel: fats' };
    expect(await faultsOf(content, { ...AGENTS, modelNames: ['fast', 'big'] })).toEqual([
      'b.yaml: no provider has the model "fats"; offered: fast, big',
    ]);
  });

  it('refuses files that would exhaust the memory', async () => {
    const nested = ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map(
      ([before, name]) => `${name}: &${name} [${`*${before},`.repeat(9)}]`,
    );
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...nested].join('\n');
    const faults = await faultsOf({ 'bomb.yaml': bomb, 'huge.yaml': '#'.repeat(1024 * 1024 + 1) });

    expect(faults).toEqual([
      expect.stringMatching(/^bomb.yaml: Excessive alias count/),
      'huge.yaml: it is larger than 1048576 bytes',
    ]);
  });

  it('must exist', async () => {
    files = await ReleaseFiles.create();
    const missing = new ReleaseFolder(`${files.directory}/missing`, true);

    await expect(missing.read(AGENTS)).rejects.toThrow(
      /missing are not valid:\n- the folder .*missing does not exist\. Create it, or correct RELEASES_DIR/,
    );
  });
});

describe('the flags of a folder', () => {
  it('have the format of flagd, in YAML or JSON', async () => {
    files = await ReleaseFiles.create({ 'poet.yaml': WHOLE, 'flags.json': flagsOf({ poet: { '2026-11-poet-2': 1 } }) });
    const inJson = await read();
    await files.drop('flags.json');
    await files.write(
      'flags.yaml',
      'flags:\n  release.poet: { state: ENABLED, variants: { new: 2026-11-poet-2 }, defaultVariant: new }',
    );
    const inYaml = await read();

    for (const { flags } of [inJson, inYaml]) {
      expect(flags?.core.resolveStringEvaluation('release.poet', 'code', { targetingKey: 's' }).value).toBe(
        '2026-11-poet-2',
      );
    }
  });

  it.each([
    { what: 'a list', flags: '[]', fault: 'flags.yaml: it must be a map whose field "flags" is a map' },
    { what: 'broken', flags: 'flags: {', fault: /^flags.yaml: .* at line 1/ },
    {
      what: 'a flag of an unknown role',
      flags: flagsOf({ singer: { code: 1 } }),
      fault: 'flags.yaml: unknown flag "release.singer"; offered: release.poet, release.critic',
    },
    {
      what: 'an unknown release',
      flags: flagsOf({ poet: { 'poet-3': 1 } }),
      fault: 'flags.yaml: flag "release.poet": its variant "poet-3" names no release: "poet-3"',
    },
    {
      what: 'the release of another role',
      flags: flagsOf({ critic: { '2026-11-poet-2': 1 } }),
      fault: 'flags.yaml: flag "release.critic": its variant "2026-11-poet-2" is a release of poet: 2026-11-poet-2',
    },
    {
      what: 'a misspelt field',
      flags: poetFlag({ targetting: {} }),
      fault: 'flags.yaml: flag "release.poet": unknown field "targetting"',
    },
    {
      what: 'a share of an unknown variant',
      flags: poetFlag({ targeting: { if: [{ '==': [{ var: 'tenant' }, 't'] }, { fractional: [['b', 100]] }, 'a'] } }),
      fault: 'flags.yaml: flag "release.poet": fractional names an unknown variant "b"',
    },
    {
      what: 'a state that flagd does not know',
      flags: poetFlag({ state: 'ON' }),
      fault: 'flags.yaml: /flags/release.poet/state must be equal to one of the allowed values',
    },
    {
      what: 'a default that is not a variant',
      flags: poetFlag({ defaultVariant: 'b' }),
      fault: /^flags.yaml: .*Default variant b missing/,
    },
    {
      what: 'an unknown rule',
      flags: poetFlag({ targeting: { some_rule: [] } }),
      fault: /^flags.yaml: \/flags\/release.poet\/targeting/,
    },
  ])('are refused with $what', async ({ flags, fault }) => {
    const [first] = await faultsOf({ 'poet.yaml': WHOLE, 'flags.yaml': flags });

    expect(first).toEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });

  it('are refused in two files', async () => {
    const flags = flagsOf({ poet: { code: 1 } });

    expect(await faultsOf({ 'flags.yaml': flags, 'flags.json': flags })).toEqual([
      'both flags.json and flags.yaml have flags; keep only one',
    ]);
  });
});
