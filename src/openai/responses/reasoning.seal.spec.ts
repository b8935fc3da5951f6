import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { SharedSecret } from '../../storage/shared.secret.js';
import { BodyFields } from '../request/body.fields.js';
import { readInput } from './input.reader.js';
import { type ReasoningKey, ReasoningSeal } from './reasoning.seal.js';
import { readIncludes } from './responses.query.js';
import { readItems, readResponseRequest } from './responses.reader.js';

const databases = new Databases(sqlite);
const reasoning = { text: 'Hm. 🐦', providerData: { source: 'https://p.example/v1 responses', data: { sig: 's' } } };
const CALL = { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' };
const SAID = { type: 'message', role: 'assistant', content: 'Hi.' };
const USER = { type: 'message', role: 'user', content: 'And?' };

let acme: ReasoningKey;
let globex: ReasoningKey;

beforeAll(async () => {
  const seal = new ReasoningSeal(await SharedSecret.read(await databases.open()));
  [acme, globex] = [seal.of('acme'), seal.of('globex')];
});
afterAll(() => databases.remove());

const item = (turn: string, text = 'Hm. 🐦'): object => ({
  type: 'reasoning',
  summary: [],
  encrypted_content: acme.seal({ turn, reasoning: { ...reasoning, text } }),
});

describe('sealed reasoning', () => {
  it('is opened for its tenant alone, and hides what is in it', () => {
    const sealed = acme.seal({ turn: 'r 1', reasoning });
    expect(sealed).toMatch(/^rk1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.slice(4), 'base64url').toString()).not.toContain('p.example');
    expect(acme.seal({ turn: 'r 1', reasoning })).toBe(sealed);
    expect(acme.open(sealed)).toEqual({ turn: 'r 1', reasoning });
    expect(globex.open(sealed)).toBeUndefined();
  });

  it('is nothing if it was changed or is not of this service', () => {
    const sealed = acme.seal({ turn: 'r 1', reasoning });
    const middle = Math.floor(sealed.length / 2);
    const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
    for (const other of [changed, sealed.slice(0, -4), 'rk1.', 'rk1.AAAA', 'gAAAAABo', '']) {
      expect(acme.open(other)).toBeUndefined();
    }
  });
});

describe('reasoning in an input', () => {
  it('belongs to the message or the calls that follow', () => {
    const turn = (call_id: string) => ({ role: 'assistant', tool_calls: [{ call_id, tool: 'look', arguments: '{}' }] });
    expect(readInput([item('r 1'), CALL], acme)).toEqual([{ ...turn('c'), reasoning: [reasoning] }]);
    expect(readInput([item('r 1'), item('r 1', 'B'), SAID, CALL], acme)).toEqual([
      { ...turn('c'), content: 'Hi.', reasoning: [reasoning, { ...reasoning, text: 'B' }] },
    ]);
  });

  it('is left out with a turn whose calls the client has not seen', () => {
    expect(readInput([item('r 1'), item('r 2', 'B'), SAID], acme)).toEqual([
      { role: 'assistant', content: 'Hi.', reasoning: [{ ...reasoning, text: 'B' }] },
    ]);
    expect(readInput([item('r 1'), USER, SAID], acme)).toEqual([
      { role: 'user', content: 'And?' },
      { role: 'assistant', content: 'Hi.' },
    ]);
  });

  it('is left out if it is of others, or only a summary', () => {
    const others = [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] }, item('r 1')];
    expect(readInput([...others, SAID], globex)).toEqual([{ role: 'assistant', content: 'Hi.' }]);
    expect(readInput([...others, SAID])).toEqual([{ role: 'assistant', content: 'Hi.' }]);
    const foreign = { type: 'reasoning', summary: [], encrypted_content: 'gAAAAABo' };
    expect(readInput([foreign, SAID], acme)).toEqual([{ role: 'assistant', content: 'Hi.' }]);
  });

  it('is refused if it is not a text', () => {
    expect(() => readInput([{ type: 'reasoning', encrypted_content: 7 }], acme)).toThrow('input[0].encrypted_content');
  });
});

it.each([
  [undefined, false],
  [{ include: 'message.output_text.logprobs' }, false],
  [{ include: ['reasoning.encrypted_content', 'other'] }, true],
  [{ 'include[]': 'reasoning.encrypted_content' }, true],
  [{ 'include[1]': 'reasoning.encrypted_content' }, true],
])('is read with encrypted content as the query says: %j', (query, expected) => {
  expect(readIncludes(query)).toBe(expected);
});

it.each([undefined, null, ['reasoning.encrypted_content']])('may be asked for with include: %j', (include) => {
  const body = BodyFields.of({ model: 'assistant', input: 'hello', reasoning: { summary: 'auto' }, include });
  const request = readResponseRequest(body, readItems(body));
  expect(request.call.settings.reasoning_summary).toBe('auto');
  expect(request.echo).not.toHaveProperty('include');
});
