import { optionsOf } from './request.options';

const tools = (text: string) => optionsOf({ temperature: '', schema: '', tools: text });

describe('the options of a request', () => {
  it('are left out if they are empty', () => {
    expect(optionsOf({ temperature: '', schema: ' ', tools: '\n' })).toEqual({});
    expect(optionsOf({ temperature: '0.5', schema: '{"type":"object"}', tools: '' })).toEqual({
      temperature: 0.5,
      output_schema: { type: 'object' },
    });
  });

  it('have the tools as they are written', () => {
    const list = [
      { name: 'get_weather', description: 'The weather', parameters: { type: 'object' }, strict: true },
      { name: 'now' },
    ];
    expect(tools(JSON.stringify(list))).toEqual({ tools: list });
  });

  it.each([
    ['{', 'The list of tools is not valid JSON.'],
    ['{}', 'The tools are not a JSON list'],
    ['[1]', 'Tool 1 is not a JSON object.'],
    ['[{"name": "a"}, {}]', 'Tool 2 needs a "name"'],
    ['[{"name": "get weather"}]', 'Tool 1 needs a "name"'],
    ['[{"name": "a"}, {"name": "a"}]', 'Tool 2 has the name of another one: a.'],
    ['[{"name": "a", "description": 1}]', '"description" that is not a text'],
    ['[{"name": "a", "parameters": {"type": "string"}}]', '"parameters" that are not a JSON Schema'],
    ['[{"name": "a", "strict": 1}]', '"strict" that is not true or false'],
    ['[{"name": "a", "params": {}}]', 'unknown field "params"'],
    [JSON.stringify(Array.from({ length: 65 }, (_, n) => ({ name: `t${n}` }))), 'at most 64'],
  ])('say what is wrong with the tools %s', (text, sentence) => {
    expect(() => tools(text)).toThrow(sentence);
  });
});
