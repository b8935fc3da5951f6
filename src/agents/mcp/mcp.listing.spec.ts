import {
  connected,
  endAll,
  ends,
  events,
  startApp,
  toolNames,
  toolResults,
} from '../../../test/support/servers/mcp.app.js';
import { McpScripted } from '../../../test/support/servers/mcp.scripted.js';
import { until } from '../../../test/support/until.js';
import { AgentRegistry } from '../agent.registry.js';
import { readListing } from './mcp.listing.js';

const INPUT = { type: 'object', properties: {} };
const DEEP_JSON = `${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`;
const DEEP: unknown = JSON.parse(DEEP_JSON);
const OUT_OF_RANGE = '{"const":9007199254740993}';

let server: McpScripted;

beforeEach(async () => {
  server = await new McpScripted().start();
  ends.push(() => server.kill());
});

afterEach(endAll);

function files() {
  return { name: 'files', url: server.url };
}

/** An entry of the list of tools. */
function entry(name: unknown, more: object = {}): object {
  return { name, inputSchema: INPUT, ...more };
}

describe('a list with one odd tool', () => {
  it.each<[string, object, string]>([
    ['without an input schema', { name: 'odd' }, 'The tool odd is not valid: inputSchema.'],
    ['without the type of its input', entry('odd', { inputSchema: {} }), 'The tool odd is not valid: inputSchema.'],
    [
      'with a wrong type of its input',
      entry('odd', { inputSchema: { type: 'objekt' } }),
      'The tool odd is not valid: inputSchema.',
    ],
    ['without a name', entry(undefined), 'The tool at 49 is not valid: name.'],
    ['with a number as its name', entry(7), 'The tool at 49 is not valid: name.'],
    ['with an empty name', entry(''), 'The tool at 49 is not valid: name.'],
    [
      'that must be called as a task',
      entry('odd', { execution: { taskSupport: 'required' } }),
      'The tool odd can only be called as a task.',
    ],
    [
      'with a reference without a target',
      entry('odd', { inputSchema: { ...INPUT, properties: { a: { $ref: '#/x' } } } }),
      'The tool odd cannot be offered: its schema refers to #/x, which does not exist.',
    ],
    [
      'whose schema is not a schema',
      entry('odd', { inputSchema: { type: 'object', properties: { a: 'text' } } }),
      'The tool odd cannot be offered: its schema is not a JSON Schema.',
    ],
    [
      'whose schema is too long',
      entry('odd', { inputSchema: { ...INPUT, title: 'x'.repeat(40_000) } }),
      'The tool odd cannot be offered: its schema is longer than 32768 characters.',
    ],
  ])('%s keeps the other 49', async (_, odd, fault) => {
    server.tools = [...Array.from({ length: 49 }, (__, index) => entry(`t${index}`)), odd];
    const app = await startApp([files()]);
    await connected(app, 'files_t48');
    expect(toolNames(app)).toHaveLength(50);
    expect(app.warnings.lines).toMatchObject([{ mcp_server: 'files', faults: [fault] }]);
  });

  it.each<[string, object, string[]]>([
    ['a wrong description', { description: ['x'] }, ['description']],
    ['a wrong title', { title: 7 }, ['title']],
    ['wrong annotations', { annotations: 'safe' }, ['annotations']],
    ['wrong hints', { annotations: { readOnlyHint: 'yes', idempotentHint: 1 } }, ['readOnlyHint', 'idempotentHint']],
    ['annotations nested too deep for the stack', { annotations: { x: DEEP } }, []],
    ['unused fields', { icons: 7, _meta: 'x', execution: 'task', outputSchema: 3, annotations: { title: 7 } }, []],
    ['null as optional fields', { title: null, description: null, annotations: { readOnlyHint: null } }, []],
  ])('keeps a tool with %s', (_, odd, fields) => {
    const entries = [entry('odd', odd), entry('echo')];
    const { tools, faults } = readListing(entries);
    expect(tools).toEqual([entry('odd'), entry('echo')]);
    const fault = `The tool odd has invalid fields, which are ignored: ${fields.join(', ')}.`;
    expect(faults).toEqual(fields.length === 0 ? [] : [fault]);
  });

  it('keeps the hint beside a wrong one', () => {
    const annotations = { readOnlyHint: 'yes', idempotentHint: true };
    expect(readListing([entry('odd', { annotations })]).tools).toEqual([
      entry('odd', { annotations: { idempotentHint: true } }),
    ]);
  });

  it('keeps the other 49 if an entry is not an object', async () => {
    server.tools = [null, 'tool', ...Array.from({ length: 49 }, (_, index) => entry(`t${index}`))];
    const app = await startApp([files()]);
    await connected(app, 'files_t48');
    const faults = [
      'The tool at 0 is not valid: it is not an object.',
      'The tool at 1 is not valid: it is not an object.',
    ];
    expect(app.warnings.lines).toMatchObject([{ faults }]);
  });

  it('loses only that tool if its schema is nested too deep for the stack', async () => {
    const list = `[{"name":"deep","inputSchema":{"type":"object","not":${DEEP_JSON}}},${JSON.stringify(entry('echo'))}]`;
    server.result = (method) => (method === 'tools/list' ? `{"tools":${list}}` : undefined);
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    expect(app.warnings.lines).toMatchObject([{ faults: ['The tool deep is not valid: inputSchema.'] }]);
  });

  it.each<[string, unknown]>([
    ['has an unknown type', { type: 'objekt' }],
    ['has an unknown format', { type: 'object', properties: { a: { type: 'string', format: 'nope' } } }],
    ['has a reference without a target', { type: 'object', properties: { a: { $ref: '#/x' } } }],
    ['has an id of draft 4', { type: 'object', id: 'x', $schema: 'http://json-schema.org/draft-04/schema#' }],
    ['is not an object', 'schema'],
  ])('keeps it if its output schema %s', async (_, outputSchema) => {
    server.tools = [entry('odd', { outputSchema }), entry('echo')];
    const app = await startApp([files()], [{ tool: 'files_odd' }], 'Done.');
    await connected(app, 'files_odd', 'files_echo');
    await events(app);
    expect(toolResults(app)).toEqual(['called odd']);
    expect(app.warnings.lines).toEqual([]);
  });
});

describe('a list of several pages', () => {
  const page = (tool: string, nextCursor?: unknown): object => ({ tools: [entry(tool)], nextCursor });

  it('is read to its end', async () => {
    const pages: Record<string, object> = { undefined: page('a', 'two'), two: page('b') };
    server.result = (method, { cursor }) => (method === 'tools/list' ? pages[String(cursor)] : undefined);
    await connected(await startApp([files()]), 'files_a', 'files_b');
  });

  it.each<[string, () => unknown]>([
    ['repeats a cursor', () => 'same'],
    ['has an invalid cursor', () => 7],
  ])('ends if the server %s', async (_, cursor) => {
    let pages = 0;
    server.result = (method) => (method === 'tools/list' ? page(`t${pages++}`, cursor()) : undefined);
    await connected(await startApp([files()]), 'files_t0');
    expect(pages).toBeLessThanOrEqual(2);
  });

  it('ends if the server never ends', async () => {
    let pages = 0;
    server.result = (method) =>
      method === 'tools/list' ? { tools: pages > 0 ? [] : [entry('a')], nextCursor: `c${pages++}` } : undefined;
    const app = await startApp([files()]);
    await connected(app, 'files_a');
    expect(pages).toBe(100);
    expect(app.warnings.lines).toMatchObject([{ faults: ['The list of tools is cut after 100 pages or 1000 tools.'] }]);
  });

  it('offers at most 128 tools, and says how many are left out', async () => {
    server.tools = Array.from({ length: 130 }, (_, index) => entry(`t${index}`));
    const app = await startApp([files()]);
    await connected(app, 'files_t127');
    expect(toolNames(app)).toHaveLength(129);
    expect(app.warnings.lines).toMatchObject([{ faults: ['130 tools are too many: only the first 128 are offered.'] }]);
  });

  it('offers each allowed tool of a long list', async () => {
    server.tools = Array.from({ length: 200 }, (_, index) => entry(`t${index}`));
    const app = await startApp([{ ...files(), tools: ['t199'] }]);
    await connected(app, 'files_t199');
    expect(app.warnings.lines).toEqual([]);
  });
});

describe('a list', () => {
  it('offers the first of two tools with the same name', async () => {
    server.tools = [entry('echo', { description: 'first' }), entry('echo', { description: 'second' })];
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    const { tools } = app.module.get(AgentRegistry).get('assistant');
    expect(tools.get('files_echo')?.description).toBe('first');
    expect(app.warnings.lines).toMatchObject([{ faults: ['Another tool has the name files_echo.'] }]);
  });

  it.each(['null', '{}', '{"tools":null}', '{"tools":{}}'])('is an outage if the server sends %s', async (result) => {
    server.result = (method) => (method === 'tools/list' ? result : undefined);
    const app = await startApp([files()]);
    await until('it is logged', () => app.warnings.lines.length === 1);
    expect(toolNames(app)).toEqual(['files_own']);
    server.tools = [entry('echo')];
    server.result = () => undefined;
    await connected(app, 'files_echo');
  });

  it('stays as it is if a later one is not valid', async () => {
    server.tools = [entry('echo')];
    const app = await startApp([files()]);
    await connected(app, 'files_echo');
    server.result = (method) => (method === 'tools/list' ? '{"tools":null}' : undefined);
    server.send({ method: 'notifications/tools/list_changed' });
    await until('it is logged', () => app.warnings.lines.length === 1);
    expect(toolNames(app)).toContain('files_echo');
  });

  it('has the text of large integers', async () => {
    const tool = `{"name":"echo","inputSchema":{"type":"object","properties":{"x":${OUT_OF_RANGE}}}}`;
    server.result = (method) => (method === 'tools/list' ? `{"tools":[${tool}]}` : undefined);
    const app = await startApp([files()], 'Done.');
    await connected(app, 'files_echo');
    await events(app);
    expect(JSON.stringify(app.model.requests[0]?.tools)).toContain('"x":{"enum":[9007199254740992]}');
  });
});

describe('the schema of a tool', () => {
  it('is sent in the form that providers accept, and the call is unchanged', async () => {
    const inputSchema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { list: { type: 'array' }, name: { type: ['string', 'null'] } },
      oneOf: [{ required: ['list'] }, { required: ['name'] }],
    };
    server.tools = [entry('echo', { inputSchema, description: '😀'.repeat(600) })];
    const input = { list: [1], name: null, other: { deep: true } };
    const app = await startApp([files()], [{ tool: 'files_echo', arguments: input }], 'Done.');
    await connected(app, 'files_echo');
    await events(app);
    expect(app.model.requests[0]?.tools[1]).toEqual({
      name: 'files_echo',
      description: `${'😀'.repeat(511)}…`,
      isStrict: false,
      parameters: {
        type: 'object',
        properties: {
          list: { type: 'array', items: {} },
          name: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        },
        additionalProperties: true,
      },
    });
    expect(server.requests('tools/call')[0]?.params['arguments']).toEqual(input);
  });
});
