import { once as onceOf } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chat, send } from '../support/clients/client.js';
import { Talk } from '../support/clients/talk.js';
import { ended, reached, submitted, TASKS } from '../support/clients/tasks.js';
import { objects, string } from '../support/json.js';
import type { ToolCall } from '../support/servers/openai.wire.js';
import { CLOSED_PORT } from '../support/servers/free.port.js';
import { McpUpstream } from '../support/servers/mcp.upstream.js';
import { Upstream } from '../support/servers/upstream.js';
import { compiled, WEATHER } from '../support/service/agent.modules.js';
import { flagsOf, ReleaseFiles } from '../support/service/releases.js';
import {
  modelAt,
  removeServices,
  type Service,
  startService,
  startToFail,
  startProcess,
} from '../support/service/service.js';
import { until } from '../support/until.js';

const STDIO_SERVER = 'test/support/servers/mcp.server.mjs';
const LIMIT_MS = 60_000;

const [mcp, upstream, releases] = [
  await new McpUpstream().start(),
  await Upstream.start(),
  await ReleaseFiles.create({ 'desk.yaml': 'name: desk-2\nrole: desk\ninstructions: Answer in verse.' }),
];
const agents = await ReleaseFiles.create({
  'desk.yaml': `role: desk
description: Serves customers.
instructions: Serve the customer.
model: gpt-desk
temperature: 0.25
handoffs: [assistant]
limits: {max_turns: 3}
mcp:
  - name: crm
    url: ${mcp.url}
    headers: {authorization: 'Bearer \${CRM_TOKEN}'}
    tools: [echo, figures]
    needs_approval: [figures]
`,
  'local.yaml': `role: local
description: Runs a program.
instructions: Run it.
output: {type: object, properties: {pid: {type: string}}, required: [pid]}
mcp:
  - {name: own, command: ${process.execPath}, args: [${process.cwd()}/${STDIO_SERVER}], env: {TOKEN: '\${CRM_TOKEN}'}}
`,
  'strict.yaml': 'role: strict\ndescription: a\ninstructions: b\nhandoffs: [weather]\nguardrails: [NoRain]',
  'weather.js': compiled(WEATHER),
  'weather.spec.js': 'throw new Error("a test is not loaded")',
  'package.json': { type: 'module' },
});
await mkdir(join(agents.directory, 'lib'));
await writeFile(join(agents.directory, 'lib/sky.js'), "export const sky = await Promise.resolve('blue');");
const settings = {
  ...modelAt(upstream),
  MODEL_API: 'chat',
  AGENTS_DIR: agents.directory,
  AGENTS_SECRETS: 'CRM_TOKEN',
  CRM_TOKEN: 'crm-secret',
  ALLOW_STDIO_MCP: 'true',
  RELEASES_DIR: releases.directory,
};
const service = await startProcess(settings);
const ECHO = callOf('crm_echo', { text: 'hello' });
const FORECAST = callOf('forecast', { city: 'Oslo' });

beforeAll(() => until('the tools are offered', () => hasTools('desk', 'crm_echo'), LIMIT_MS));

afterEach(() => {
  upstream.clear();
  mcp.calls.length = 0;
});

afterAll(async () => {
  await removeServices();
  await upstream.close();
  mcp.kill();
  await Promise.all([agents.remove(), releases.remove()]);
});

describe('agents of files', () => {
  it('are listed beside the built-in ones, with their tools', async () => {
    await until('the program runs', () => hasTools('local', 'own_env'), LIMIT_MS);
    expect((await roles(service)).map(({ role }) => role)).toEqual([
      'assistant',
      'researcher',
      'coder',
      'weather',
      'desk',
      'local',
      'strict',
    ]);
    expect(await roles(service)).toContainEqual({
      role: 'desk',
      description: 'Serves customers.',
      model: 'gpt-desk',
      tools: ['crm_echo', 'crm_figures'],
    });
  });

  it('answer with their instructions, model and temperature, and call the tools of their servers with secrets', async () => {
    upstream.next({ does: 'reply', toolCalls: [ECHO] }, { does: 'reply', text: 'Done.' });
    const { body } = await chat(service, { message: 'Find it', agent_role: 'desk' });
    expect(body.reply).toBe('Done.');
    expect(upstream.requests[0]).toMatchObject({
      body: { model: 'gpt-desk', temperature: 0.25 },
      messages: [{ role: 'system', content: 'Serve the customer.' }, { content: 'Find it' }],
    });
    expect(upstream.requests[1]?.messages.at(-1)?.content).toBe('echo: hello');
    expect(mcp.headers.at(-1)?.authorization).toBe('Bearer crm-secret');
  });

  it('hand over to a built-in agent, and end at their limit of turns', async () => {
    const handoff = callOf('transfer_to_assistant');
    upstream.next({ does: 'reply', toolCalls: [handoff] }, { does: 'reply', text: 'The assistant here.' });
    const handed = await chat(service, { message: 'Other', agent_role: 'desk' });
    expect(handed.body.reply).toBe('The assistant here.');
    upstream.always({ does: 'reply', toolCalls: [ECHO] });
    const { status, body } = await chat(service, { message: 'On and on', agent_role: 'desk' });
    expect([status, body.error]).toEqual([502, 'model_error']);
  });

  it('pass a secret to a program, which inherits nothing else, and answer with their schema', async () => {
    await until('the program runs', () => hasTools('local', 'own_env'), LIMIT_MS);
    upstream.next(
      { does: 'reply', toolCalls: [callOf('own_env')] },
      { does: 'reply', text: '{"pid":1}' },
      { does: 'reply', text: '{"pid":"1"}' },
    );
    const { body } = await chat(service, { message: 'Env', agent_role: 'local' });
    expect(body.reply).toBe('{"pid":"1"}');
    const told = string(upstream.requests[1]?.messages.at(-1)?.content);
    expect(Object.keys(JSON.parse(told)).filter((name) => !name.startsWith('npm_'))).toEqual(['PATH', 'TOKEN']);
  });

  it('call tools of modules, with injected providers, validation and the errors of the service', async () => {
    const wrong = callOf('forecast', { city: 7 });
    const unknown = callOf('forecast', { city: 'Atlantis' });
    const calls = [FORECAST, { ...wrong, id: 'call_2' }, { ...unknown, id: 'call_3' }];
    upstream.next({ does: 'reply', toolCalls: calls }, { does: 'reply', text: 'Fine.' });
    const { body } = await chat(service, { message: 'Weather', agent_role: 'weather' });
    expect(body.reply).toBe('Fine.');
    expect(upstream.requests[1]?.messages.slice(-3).map(({ content }) => content)).toEqual([
      'Oslo: blue',
      expect.stringMatching(/city must be a string/),
      'Error: Atlantis has no weather.',
    ]);
  });

  it('have guardrails of modules, by their names', async () => {
    const { status, body } = await chat(service, { message: 'Will it rain?', agent_role: 'strict' });
    expect([status, body.error, body.detail]).toEqual([
      422,
      'guardrail_tripped',
      expect.stringMatching(/No rain here/),
    ]);
  });

  it('run in a release of their role', async () => {
    await releases.write('flags.yaml', flagsOf({ desk: { 'desk-2': 1 } }));
    const asked = async (): Promise<string> => {
      const text = `Release ${upstream.requests.length}`;
      await chat(service, { message: text, agent_role: 'desk' });
      return upstream.asked(text)?.messages[0]?.content ?? '';
    };
    await until('the release runs', async () => (await asked()) === 'Answer in verse.', LIMIT_MS);
    await releases.write('flags.yaml', flagsOf({ desk: { code: 1 } }));
    await until('it is rolled back', async () => (await asked()) === 'Serve the customer.', LIMIT_MS);
  });
});

describe.each([
  { role: 'desk', call: ECHO, approved: callOf('crm_figures'), calls: async () => mcp.calls.length },
  { role: 'weather', call: FORECAST, approved: callOf('warn', { city: 'Oslo' }), calls: forecasts },
])('a task of the agent $role', ({ role, call, approved, calls }) => {
  it('waits for an approval, which survives kill -9', async () => {
    upstream.next({ does: 'reply', toolCalls: [approved] }, { does: 'reply', text: 'It is done.' });
    const id = await submitted(service, { message: 'Do it', agent_role: role });
    const { pending_approvals } = await reached(service, id, 'waiting_approval');
    const [approval] = objects(pending_approvals);
    await service.kill9();
    await service.start();
    await until('the tools are offered', () => hasTools(role, approved.name), LIMIT_MS);
    const path = `${TASKS}/${id}/approvals/${string(approval?.approval_id)}`;
    expect((await send(service, `POST ${path}`, { body: { decision: 'approve' } })).status).toBe(200);
    expect(await ended(service, id)).toMatchObject({ status: 'completed', result: { reply: 'It is done.' } });
  });

  it('continues after kill -9 without a repeated call', async () => {
    const before = await calls();
    const gate = Promise.withResolvers<undefined>();
    upstream.next(
      { does: 'reply', toolCalls: [call] },
      { does: 'reply', hold: { afterDeltas: 0, until: gate.promise } },
      { does: 'reply', text: 'Over.' },
    );
    const id = await submitted(service, { message: 'Long', agent_role: role });
    await until('the second turn begins', () => upstream.requests.length === 2, LIMIT_MS);
    await service.kill9();
    gate.resolve(undefined);
    await service.start();
    expect(await ended(service, id)).toMatchObject({ status: 'completed', result: { reply: 'Over.' } });
    expect((await calls()) - before).toBe(1);
  });
});

describe('rookery chat', () => {
  const talks: Talk[] = [];
  const talk = (...words: string[]): Talk => {
    const begun = new Talk(['--url', service.url, '--agent', 'weather', ...words]);
    talks.push(begun);
    return begun;
  };

  afterEach(async () => {
    for (const each of talks.splice(0)) await each.kill();
  });

  it('asks once, and shows the tools and the answer without the controls of a terminal', async () => {
    upstream.next({ does: 'reply', toolCalls: [FORECAST] }, { does: 'reply', text: 'Blue \u001b[31mred\u001b[0m.' });
    const once = talk('How is Oslo?');
    expect(await once.exited).toBe(0);
    expect(once.output).toBe('→ forecast {"city":"Oslo"}\n← Oslo: blue\nBlue [31mred[0m.\n');
  });

  it('keeps a session, and continues another one', async () => {
    upstream.next(
      { does: 'reply', text: 'First.' },
      { does: 'reply', text: 'Second.' },
      { does: 'reply', text: 'Third.' },
    );
    const conversation = talk();
    for (const line of [
      'Good day',
      'And now',
      '/new',
      'Anew',
      '/sessions',
      '/agent desk',
      '/session',
      '/sing',
      '/exit',
    ]) {
      conversation.say(line);
    }
    expect(await conversation.exited).toBe(0);
    expect(conversation.output).toMatch(/First\.\nSecond\.\nThe next message begins a session\.\nThird\.\n/);
    const [last, first] = Array.from(conversation.output.matchAll(/^(\S+) {2}\S+ {2}weather, (\d) messages$/gm));
    expect([last?.[2], first?.[2]]).toEqual(['2', '4']);
    expect(conversation.output).toContain(`The next message goes to desk.\nThe session is ${last?.[1]}.\n`);
    expect(conversation.output).toContain('There is no command /sing. /help lists the commands.');
    expect(upstream.asked('And now')?.messages.map(({ content }) => content)).toContain('First.');
    const resumed = talk('--session', string(first?.[1]));
    resumed.say(`/session ${string(first?.[1])}`);
    resumed.end();
    expect(await resumed.exited).toBe(0);
    expect(resumed.output).toContain('The session has 4 messages.');
  });

  it('decides on approvals in place', async () => {
    const warning = callOf('warn', { city: 'Oslo' });
    upstream.next(
      { does: 'reply', toolCalls: [warning] },
      { does: 'reply', toolCalls: [{ ...warning, id: 'call_2' }] },
    );
    upstream.next({ does: 'reply', text: 'I have done what I could.' });
    const conversation = talk();
    for (const line of ['Warn Oslo', 'perhaps', 'y', 'no  it is too late', '/exit']) conversation.say(line);
    expect(await conversation.exited).toBe(0);
    expect(conversation.output).toContain('warn needs an approval: {"city":"Oslo"}\n');
    expect(conversation.output).toContain('← Oslo is warned.\n');
    expect(conversation.output).toContain('I have done what I could.\n');
    expect(upstream.requests.at(-1)?.messages.at(-1)?.content).toContain('it is too late');
  });

  it('cancels the run on Ctrl-C, and takes the next message', async () => {
    const gate = Promise.withResolvers<undefined>();
    upstream.next({ does: 'reply', text: 'Once upon a time', hold: { afterDeltas: 1, until: gate.promise } });
    upstream.next({ does: 'reply', text: 'Again.' });
    const conversation = talk();
    conversation.say('Tell me a story');
    await until('the answer begins', () => conversation.output.includes('Once'), LIMIT_MS);
    conversation.interrupt();
    await until('the run is cancelled', () => /Cancelling …\nCancelled: /.test(conversation.output), LIMIT_MS);
    gate.resolve(undefined);
    conversation.say('Again');
    conversation.end();
    expect(await conversation.exited).toBe(0);
    expect(conversation.output).toContain('Again.\n');
  });

  it('cancels the run if the input ends without a decision', async () => {
    upstream.next({ does: 'reply', toolCalls: [callOf('warn', { city: 'Oslo' })] });
    const conversation = talk();
    conversation.say('Warn Oslo');
    conversation.end();
    expect(await conversation.exited).toBe(1);
    expect(conversation.output).toMatch(/needs an approval.*\nCancelling …\nCancelled: /);
  });

  it('says what to do if the service does not answer', async () => {
    const failed = talk('--url', `http://127.0.0.1:${CLOSED_PORT}`, 'Hello');
    expect(await failed.exited).toBe(1);
    expect(failed.output).toMatch(
      /^network_error: .*ECONNREFUSED.*\. Start the service, or name another one with --url\.\n$/,
    );
    const other = createServer((_, response) => response.writeHead(501).end()).listen(0, '127.0.0.1');
    await onceOf(other, 'listening');
    const address = other.address();
    const elsewhere = talk('--url', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, 'Hello');
    expect(await elsewhere.exited).toBe(1);
    other.close();
    expect(elsewhere.output).toBe(
      'unexpected_answer: The service answered 501 without a known error. ' +
        'Another program may have this address, or a proxy has failed. Name the service with --url.\n',
    );
    const wrong = talk('--url', 'ftp://x', 'Hello');
    expect(await wrong.exited).toBe(1);
    expect(wrong.output).toBe('RookeryClient: baseUrl must be an http or https URL.\n');
  });
});

describe('the settings of agents in files', () => {
  it('switch the built-in agents off', async () => {
    const own = await startService({ BUILTIN_AGENTS: 'false', AGENTS_DIR: await withoutHandoff() });
    expect((await roles(own)).map(({ role }) => role)).toEqual(['clerk']);
    expect((await chat(own, { message: 'Hi' })).text).toContain('No agent \\"assistant\\". Offered: clerk.');
  });

  it('are required by files, and the start names the places', async () => {
    const { exitCode, output } = await startToFail({ AGENTS_DIR: agents.directory });
    expect(exitCode).toBe(1);
    expect(output.replaceAll(agents.directory, '<dir>')).toContain(
      [
        'The agents in <dir> are not valid:',
        '- desk.yaml:11:15: ${CRM_TOKEN} is not a secret that files may use: add CRM_TOKEN to AGENTS_SECRETS',
        '- local.yaml:6:',
      ].join('\n'),
    );
    expect(output).toContain('runs a program: set ALLOW_STDIO_MCP=true');
  });

  it('do not hide modules that cannot be loaded, each with its line', async () => {
    const folder = await ReleaseFiles.create({
      'broken.js': "import { Agent } from 'rookery';\nexport const a = ;",
      'lonely.mjs': "import 'a-package-that-is-not-there';",
      'changer.mjs':
        "import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('lib.json', import.meta.url), '{}');",
      'lone.js': 'export const providers = { name: "not a list" };',
      'thrower.js': "\nexport const b = 1;\nthrow new Error('on purpose');",
      'twins.js': compiled(
        ['A', 'B']
          .map(
            (name) =>
              `import { Agent } from 'rookery'; @Agent({ role: 'x', description: 'a', instructions: 'b' }) export class ${name} {}`,
          )
          .join('\n')
          .replace(/\nimport .*?;/, '\n'),
      ),
    });
    folders.push(folder);
    const { output } = await startToFail({ AGENTS_DIR: folder.directory });
    const faults = output.replaceAll(folder.directory, '<dir>').trim().split('\n- ').slice(1);
    expect(faults).toEqual([
      "broken.js:2: it cannot be loaded: Unexpected token ';'. Correct or remove it",
      'lone.js: providers must be a list, such as [Orders]. Correct it, or rename the export',
      expect.stringMatching(/^lonely\.mjs.*: it cannot be loaded: Cannot find package 'a-package-that-is-not-there'/),
      'thrower.js:3: it cannot be loaded: on purpose. Correct or remove it',
      'B: role "x" is that of A: choose another one, or set BUILTIN_AGENTS=false',
      'the code has changed while it was read: start again',
    ]);
  });

  it('need the folder, and the secrets that they name', async () => {
    const { output } = await startToFail({
      BUILTIN_AGENTS: 'false',
      ALLOW_STDIO_MCP: 'true',
      AGENTS_SECRETS: 'NOT_SET',
    });
    for (const fault of [
      'AGENTS_SECRETS names NOT_SET, which is not set',
      'BUILTIN_AGENTS=false needs AGENTS_DIR',
      'ALLOW_STDIO_MCP=true needs AGENTS_DIR',
      'AGENTS_SECRETS needs AGENTS_DIR',
    ]) {
      expect(output).toContain(fault);
    }
  });
});

function callOf(name: string, input: object = {}): ToolCall {
  return { id: 'call_1', name, arguments: JSON.stringify(input) };
}

/** The number of forecasts so far. */
async function forecasts(): Promise<number> {
  const text = await readFile(join(agents.directory, 'lib/calls.log'), 'utf8').catch(() => '');
  return text.split('\n').length;
}

async function roles(target: Service) {
  return objects((await send(target, 'GET /api/v1/agent/roles')).body.items);
}

async function hasTools(role: string, tool: string): Promise<boolean> {
  const agent = (await roles(service)).find((each) => each.role === role);
  return Array.isArray(agent?.tools) && agent.tools.includes(tool);
}

const folders: ReleaseFiles[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

async function withoutHandoff(): Promise<string> {
  const folder = await ReleaseFiles.create({ 'clerk.yaml': 'role: clerk\ndescription: Files.\ninstructions: File.' });
  folders.push(folder);
  return folder.directory;
}
