import { connected, endAll, ends, events, startApp, toolResults } from '../../../test/support/servers/mcp.app.js';
import { McpScripted } from '../../../test/support/servers/mcp.scripted.js';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../../test/support/servers/mcp.server.mjs');
const IMAGE = Buffer.from('12345').toString('base64');

afterEach(endAll);

/** The text that the model gets for the result of a tool. */
async function textOf(
  result: unknown,
  { outputSchema, ...options }: { outputSchema?: object } & Partial<Pick<McpScripted, 'isStream' | 'isResumed'>> = {},
): Promise<string | undefined> {
  const server = Object.assign(await new McpScripted().start(), options);
  ends.push(() => server.kill());
  server.tools = [{ name: 'echo', inputSchema: { type: 'object' }, outputSchema }];
  server.result = (method) => (method === 'tools/call' ? result : undefined);
  const app = await startApp([{ name: 'files', url: server.url }], [{ tool: 'files_echo' }], 'Done.');
  await connected(app, 'files_echo');
  await events(app);
  return toolResults(app)[0];
}

const text = (value: unknown): object => ({ type: 'text', text: value });

describe('a result', () => {
  it.each<[string, object, string]>([
    ['without content', {}, 'done'],
    ['with null as content', { content: null }, 'done'],
    ['with one block as content', { content: text('a') }, 'a'],
    ['with a text as content', { content: 'a' }, 'a'],
    ['of the first protocol', { toolResult: { a: 1 } }, '{"a":1}'],
    [
      'with an unknown type of content',
      { content: [text('a'), { type: 'video', data: IMAGE }] },
      'a\n[video, not shown]',
    ],
    [
      'with content without a type',
      { content: [{ text: 'a' }, null, 7] },
      '[unknown content, not shown]\n[unknown content, not shown]\n[unknown content, not shown]',
    ],
    ['with a text that is not a text', { content: [text({ a: 1 }), text(null)] }, '{"a":1}\n[text, not shown]'],
    [
      'with an image without a type',
      { content: [{ type: 'image', data: IMAGE }] },
      '[image: unknown type, 5 bytes, not shown]',
    ],
    [
      'with an image that is not base64',
      { content: [{ type: 'image', mimeType: 'image/png', data: '?' }] },
      '[image: image/png, 0 bytes, not shown]',
    ],
    [
      'with an image without data',
      { content: [{ type: 'audio', mimeType: 'audio/x' }] },
      '[audio: audio/x, 0 bytes, not shown]',
    ],
    ['with an unnamed link', { content: [{ type: 'resource_link', uri: 'file:///a' }] }, '[resource file:///a]'],
    [
      'with a binary resource',
      { content: [{ type: 'resource', resource: { uri: 'file:///a', blob: IMAGE } }] },
      '[resource file:///a: unknown type, 5 bytes, not shown]',
    ],
    ['with an empty resource', { content: [{ type: 'resource' }] }, '[resource, not shown]'],
    ['with a list as structured content', { content: [], structuredContent: [1, 2] }, '[1,2]'],
    [
      'with structured content and an image',
      { structuredContent: { a: 1 }, content: [{ type: 'image', mimeType: 'image/png', data: IMAGE }] },
      '{"a":1}\n[image: image/png, 5 bytes, not shown]',
    ],
    ['with an error and structured content', { isError: true, structuredContent: { code: 7 } }, 'Error: {"code":7}'],
    ['with an error without content', { isError: true }, 'Error: The tool failed without a message.'],
  ])('%s is a text', async (_, result, expected) => {
    expect(await textOf(result)).toBe(expected);
  });

  it.each<[string, object]>([
    ['does not match', { content: [text('seven')], structuredContent: { total: 'seven' } }],
    ['is missing', { content: [text('seven')] }],
  ])('is given to the model if the structured content %s', async (_, result) => {
    const outputSchema = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] };
    expect(await textOf(result, { outputSchema })).toBe('seven');
  });

  it.each([{}, { isStream: true }, { isResumed: true }])('keeps the digits of large integers, with %j', async (way) => {
    const figures = '{"id":9007199254740993,"ids":[-12345678901234567890],"text":"9007199254740993","ratio":0.5}';
    const result = `{"content":[],"structuredContent":${figures}}`;
    expect(await textOf(result, way)).toBe(figures);
  });

  it.each([{}, { isStream: true }, { isResumed: true }])('fails if it is longer than 10 MiB, with %j', async (way) => {
    const begun = performance.now();
    expect(await textOf({ content: [text('x'.repeat(10 * 1024 * 1024))] }, way)).toBe('Error: files_echo failed.');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('keeps the digits of large integers over stdio', async () => {
    const server = { name: 'child', command: process.execPath, args: [SCRIPT] };
    const app = await startApp([server], [{ tool: 'child_large' }], 'Done.');
    await connected(app, 'child_large');
    await events(app);
    expect(toolResults(app)).toEqual(['{"id":9007199254740993}']);
  });
});
