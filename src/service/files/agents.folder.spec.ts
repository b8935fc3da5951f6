import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf, textOf } from '../../../test/support/pages.js';
import { agentOptionsOf } from '../../index.js';
import { builtInAgents } from '../agents/builtin.agents.js';
import { Environment } from '../settings/environment.js';
import { type FolderAgents, readAgentsFolder } from './agents.folder.js';
import type { FileRights } from './agent.reader.js';
import { codeDigest } from './code.digest.js';

const HEAD = 'role: support\ndescription: Helps.\ninstructions: Help.\n';
const RIGHTS: FileRights = {
  secrets: new Map([['CRM_TOKEN', 'secret-value']]),
  mayRunPrograms: false,
  modelNames: ['fast', 'big'],
};

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rookery-agents-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(files: Readonly<Record<string, string>>, rights = RIGHTS): Promise<FolderAgents> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return await readAgentsFolder(folder, builtInAgents(new Environment()), rights);
}

async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const failure: unknown = await read(files).catch((error: unknown) => error);
  const [title, ...faults] = failure instanceof Error ? failure.message.split('\n- ') : [];
  expect(title).toBe(`The agents in ${folder} are not valid:`);
  return faults;
}

const server = (text: string): string => `${HEAD}mcp:\n  - name: crm\n${text}`;
const URL_LINE = '    url: http://127.0.0.1/mcp\n';

describe('a folder with agents', () => {
  it('becomes providers with the options of @Agent, and secrets are filled in only where they belong', async () => {
    const { providers, versions } = await read(
      {
        'desk.yaml': `role: desk
description: Serves customers.
instructions: |
  Answer briefly. \${CRM_TOKEN} stays as it is.
model: fast
temperature: 0.2
handoffs: [assistant]
agents: [clerk]
limits: {max_turns: 4, max_tokens: 9000}
output: {type: object, properties: {reply: {type: string}}, required: [reply]}
mcp:
  - name: crm
    url: http://127.0.0.1:1/mcp
    headers: {authorization: 'Bearer \${CRM_TOKEN}'}
    tools: [find, refund]
    needs_approval: [refund]
    timeout_ms: 500
`,
        'clerk.yml':
          'role: clerk\ndescription: Files.\ninstructions: File.\nmcp: [{name: run, command: node, args: [x]}, {name: sub, command: node, cwd: sub}]',
        '.hidden.yaml': 'not: an agent',
        'README.md': '# Agents',
      },
      { ...RIGHTS, mayRunPrograms: true },
    );
    expect(Object.keys(versions)).toEqual(['clerk', 'desk']);
    const [clerk, desk] = providers.flatMap((type) => (typeof type === 'function' ? [agentOptionsOf(type)] : []));
    expect(desk).toEqual({
      role: 'desk',
      description: 'Serves customers.',
      instructions: 'Answer briefly. ${CRM_TOKEN} stays as it is.\n',
      model: 'fast',
      temperature: 0.2,
      guardrails: [],
      handoffs: ['assistant'],
      agents: ['clerk'],
      limits: { maxTurns: 4, maxTokens: 9000 },
      output: { type: 'object', properties: { reply: { type: 'string' } }, required: ['reply'] },
      mcp: [
        {
          name: 'crm',
          url: 'http://127.0.0.1:1/mcp',
          headers: { authorization: 'Bearer secret-value' },
          tools: ['find', 'refund'],
          needsApproval: ['refund'],
          timeoutMs: 500,
        },
      ],
    });
    expect(clerk?.mcp).toEqual([
      { name: 'run', command: 'node', args: ['x'], cwd: folder },
      { name: 'sub', command: 'node', cwd: join(folder, 'sub') },
    ]);
  });

  it('can have the agent of the guide, whose faults are those of the guide', async () => {
    const blocks = blocksOf(textOf('docs/agent-files.md'));
    const [agent = ''] = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => text);
    const secrets = new Map([['ORDERS_TOKEN', 'x']]);
    const rights = { ...RIGHTS, secrets, modelNames: undefined };
    expect(Object.keys((await read({ 'support.yaml': agent }, rights)).versions)).toEqual(['support']);
    const faulty = `${HEAD}model: fast\n\nhandoff: []\nmcp:\n  - name: orders\n    command: npx`;
    const [, ...faults] =
      blocks
        .find(({ language }) => language === 'text')
        ?.text.trim()
        .split('\n- ') ?? [];
    expect(await faultsOf({ 'support.yaml': faulty })).toEqual(faults);
  });

  it('gives an agent a new version if its file changes, or one that its runs may reach', async () => {
    const agent = (role: string, more = ''): string => `role: ${role}\ndescription: a\ninstructions: b\n${more}`;
    const files = {
      'a.yaml': agent('a', 'handoffs: [b, assistant]'),
      'b.yaml': agent('b', 'agents: [c]'),
      'c.yaml': agent('c', 'handoffs: [b]'),
      'd.yaml': agent('d'),
    };
    const { versions: first } = await read(files);
    expect((await read(files)).versions).toEqual(first);
    const { versions: second } = await read({ 'c.yaml': agent('c', 'handoffs: [b]\nlimits: {max_turns: 2}') });
    expect(Object.keys(first).filter((role) => first[role] !== second[role])).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['nothing', '', '1:1: the file must be a map: begin with `role: support`, for example'],
    ['a list', '- role: support', '1:1: the file must be a map: begin with `role: support`, for example'],
    ['a tab', 'role: support\n\tx: 1', /^2:1: this is not valid YAML: .*Correct it/],
    ['a colon in text', 'role: a: b', /^1:\d+: this is not valid YAML: Nested mappings .*needs quotes$/],
    ['a field twice', `${HEAD}role: other`, /^4:1: this is not valid YAML: Map keys must be unique\. Correct it/],
    ['two documents', `${HEAD}---\n${HEAD}`, /^4:1: this is not valid YAML: .*multiple documents/],
    ['an unknown field', `${HEAD}instruction: x`, '4:1: there is no field "instruction". Did you mean instructions?'],
    ['another spelling', `${HEAD}limits: {maxTurns: 3}`, '4:10: there is no field "maxTurns". Did you mean max_turns?'],
    ['a strange field', `${HEAD}colour: x`, /^4:1: there is no field "colour"; remove it\. Known: role, description/],
    ['no role', 'description: a\ninstructions: b', /^1:1: role is missing: add a line such as `role: support`$/],
    ['a bad role', HEAD.replace('support', 'My Role'), /^1:1: role must be 1–64 of a–z/],
    ['no description', 'role: a\ninstructions: b', /^1:1: description is missing: add a sentence/],
    ['an empty description', 'role: a\ndescription: " "\ninstructions: b', /^2:1: description is empty: write/],
    ['no instructions', 'role: a\ndescription: b', /^1:1: instructions are missing: add `instructions: \|`/],
    ['instructions without a value', 'role: a\ndescription: b\ninstructions:', /^3:1: instructions are missing/],
    ['a list as model', `${HEAD}model: [a]`, /^4:1: model must be one word/],
    ['an unknown model', `${HEAD}model: slow`, '4:1: no provider has the model "slow". Offered: fast, big'],
    ['a text as temperature', `${HEAD}temperature: warm`, '4:1: temperature must be a number from 0 to 2'],
    ['a high temperature', `${HEAD}temperature: 3`, '4:1: temperature must be a number from 0 to 2'],
    ['a text as handoffs', `${HEAD}handoffs: assistant`, '4:1: handoffs must be a list of roles, such as [assistant]'],
    [
      'an unknown handoff',
      `${HEAD}handoffs:\n  - coder\n  - asistant`,
      '6:5: handoffs names "asistant", but no agent has this role. Did you mean assistant?',
    ],
    ['itself as agent', `${HEAD}agents: [support]`, '4:10: agents names the agent itself: remove "support"'],
    ['no turns', `${HEAD}limits:\n  max_turns: 0`, '5:3: max_turns must be a whole number from 1 to 50'],
    ['a text as limits', `${HEAD}limits: many`, '4:1: limits must be a map, such as {max_turns: 5}'],
    ['half a token', `${HEAD}limits: {max_tokens: 0.5}`, '4:10: max_tokens must be a whole number from 1'],
    [
      'another output',
      `${HEAD}output: {type: string}`,
      /^4:1: output cannot be used: its schema must be of type "object"/,
    ],
    [
      'an open reference',
      `${HEAD}output: {type: object, $ref: '#/$defs/x'}`,
      /^4:1: output cannot be used: .*#\/\$defs\/x/,
    ],
    ['a map as mcp', `${HEAD}mcp: {name: x}`, /^4:1: mcp must be a list of servers/],
    ['a server without name', `${HEAD}mcp: [{url: "http://x/"}]`, /^4:7: the server has no name: add `name: files`/],
    ['a server without address', server(''), '5:5: server "crm" needs a url, or a command that starts it'],
    ['two kinds of server', server(`${URL_LINE}    command: npx`), /^7:5: server "crm" has a url and a command/],
    ['a reserved name', `${HEAD}mcp: [{name: ask_x, url: "http://x/"}]`, /^4:8: name must be 1–32 .* not begin/],
    [
      'a server twice',
      `${server(URL_LINE)}  - {name: crm, url: "http://x/"}`,
      /^7:6: another server has the name "crm"/,
    ],
    ['another scheme', server('    url: ftp://x/'), /^6:5: url must be an http or https URL/],
    ['credentials in a URL', server('    url: http://a:b@x/'), /^6:5: url must be .* credentials belong into headers$/],
    [
      'the environment of a URL',
      server(`${URL_LINE}    env: {a: b}`),
      '7:5: env does not belong to a server with a url: remove it',
    ],
    ['numbers as headers', server(`${URL_LINE}    headers: {a: 1}`), /^7:5: headers must be a map of names to texts/],
    ['a program', server('    command: npx'), /^6:5: server "crm" runs a program: set ALLOW_STDIO_MCP=true/],
    [
      'another secret',
      server(`${URL_LINE}    headers: {a: "\${OTHER}"}`),
      '7:15: ${OTHER} is not a secret that files may use: add OTHER to AGENTS_SECRETS',
    ],
    [
      'a secret as tool',
      server(`${URL_LINE}    tools: ["\${CRM_TOKEN}"]`),
      '7:5: tools must not have secrets: put them in headers, url or env',
    ],
    [
      'a foreign approval',
      server(`${URL_LINE}    tools: [a]\n    needs_approval: [b]`),
      /^8:22: needs_approval names "b", which is not in tools/,
    ],
    ['a bad digest', server(`${URL_LINE}    pin: {a: b}`), /^7:5: pin must be a map of tools to their digests/],
    ['no time', server(`${URL_LINE}    timeout_ms: 0`), /^7:5: timeout_ms must be a whole number from 1/],
    [
      'the role of another',
      HEAD.replace('support', 'coder'),
      '1:1: role "coder" is that of CoderAgent: choose another one, or set BUILTIN_AGENTS=false',
    ],
    [
      'a bomb of aliases',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]`,
      /^1:1: this is not valid YAML: Excessive alias count/,
    ],
  ])('is refused with the place and what to do for a file with %s', async (_, text, fault) => {
    const [first = ''] = await faultsOf({ 'a.yaml': text });
    const expected = typeof fault === 'string' ? `a.yaml:${fault}` : new RegExp(`^a\\.yaml:${fault.source.slice(1)}`);
    expect(first).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('is refused with all faults of all files at once', async () => {
    await mkdir(join(folder, 'folder.yaml'));
    const faults = await faultsOf({
      'one.yaml': `${HEAD}temperature: 9\nhandoffs: {}\nmodel: x y`,
      'two.yaml': HEAD,
      'three.yaml': 'nothing',
      'tool.ts': 'export {}',
      'large.yaml': `#${'x'.repeat(1024 * 1024)}`,
    });
    expect(faults).toEqual([
      expect.stringMatching(/^folder\.yaml: it cannot be read: (Error: )?EISDIR.*Make it a readable file/),
      'large.yaml: it is larger than 1048576 bytes: shorten it',
      'tool.ts: it is TypeScript: compile it with `npm run rookery -- build`, and set AGENTS_DIR to the folder dist in it',
      'one.yaml:4:1: temperature must be a number from 0 to 2',
      'one.yaml:5:1: handoffs must be a list of roles, such as [assistant]',
      expect.stringMatching(/^one\.yaml:6:1: model must be one word/),
      expect.stringMatching(/^three\.yaml:1:1: the file must be a map/),
      'two.yaml:1:1: role "support" is that of one.yaml: change one of them',
    ]);
  });

  it('is refused if it is empty or missing, or others can write it or a file', async () => {
    expect(await faultsOf({})).toEqual(['there is no agent: add a file such as support.yaml']);
    await writeFile(join(folder, 'a.yaml'), HEAD);
    await symlink(join(folder, 'a.yaml'), join(folder, 'b.yaml'));
    await chmod(join(folder, 'a.yaml'), 0o666);
    await chmod(folder, 0o777);
    expect(await faultsOf({})).toEqual([
      `the folder can be written by others: chmod o-w ${folder}`,
      `a.yaml: it can be written by others: chmod o-w ${join(folder, 'a.yaml')}`,
      expect.stringMatching(/^b\.yaml: it can be written by others/),
    ]);
    await rm(folder, { recursive: true });
    expect(await faultsOf({})).toEqual([
      expect.stringMatching(/^the folder \/.* does not exist\. Create it, or correct AGENTS_DIR$/),
    ]);
  });

  it('runs no module if others can write code that it may import, or replace a folder', async () => {
    const own = join(folder, 'around/agents');
    const elsewhere = join(folder, 'elsewhere');
    for (const each of [join(own, 'lib'), join(own, 'node_modules'), elsewhere]) await mkdir(each, { recursive: true });
    await writeFile(join(own, 'a.js'), 'throw new Error("it ran")');
    await writeFile(join(own, 'a.yaml'), `${HEAD}handoffs: [of_a_module]\nguardrails: [OfAModule]`);
    await writeFile(join(own, 'lib/open.mjs'), '');
    await writeFile(join(elsewhere, 'b.json'), '{}');
    await symlink(join(elsewhere, 'b.json'), join(own, 'lib/b.json'));
    const open = [join(folder, 'around'), join(own, 'lib'), join(own, 'lib/open.mjs'), join(own, 'node_modules')];
    for (const each of [...open, elsewhere]) await chmod(each, 0o777);
    await expect(readAgentsFolder(own, [], RIGHTS)).rejects.toThrow(
      [
        `The agents in ${own} are not valid:`,
        `- ${join(folder, 'around')}, a folder around it, can be written by others: chmod o-w ${join(folder, 'around')}`,
        `- lib: it can be written by others: chmod o-w ${join(own, 'lib')}`,
        `- lib/open.mjs: it can be written by others: chmod o-w ${join(own, 'lib/open.mjs')}`,
        `- node_modules: it can be written by others: chmod o-w ${join(own, 'node_modules')}`,
        `- lib/b.json: it is a link into ${elsewhere}, which can be written by others: chmod o-w ${elsewhere}`,
      ].join('\n'),
    );
  });

  it('has a digest of its code that follows links, once each, and knows TypeScript', async () => {
    const lib = await mkdtemp(join(tmpdir(), 'rookery-lib-'));
    try {
      await symlink(lib, join(folder, 'lib'));
      await symlink(folder, join(folder, 'self'));
      await symlink(join(folder, 'nothing'), join(folder, 'broken.js'));
      const digests = new Set([await codeDigest(folder)]);
      for (const name of ['a.js', 'b.ts', 'c.wasm', 'd.d.ts', 'e.txt']) {
        await writeFile(join(lib, name), '');
        digests.add(await codeDigest(folder));
      }
      expect(digests.size).toBe(4);
    } finally {
      await rm(lib, { recursive: true });
    }
  });
});
