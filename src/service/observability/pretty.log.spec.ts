import { prettyLine } from './pretty.log.js';

const TIME = '2026-01-31T12:03:04.567Z';
const line = (fields: object): string =>
  prettyLine(`${JSON.stringify({ level: 'info', time: TIME, ...fields })}\n`, false);

describe('prettyLine', () => {
  it('puts time, level, message and fields on one line', () => {
    expect(line({ route: '/api', text: 'two words', n: 3, list: ['a'], msg: 'request' })).toBe(
      '12:03:04.567 INFO  request  route=/api text="two words" n=3 list=["a"]\n',
    );
  });

  it('shows the hint of a cause below its line, and a stack below that', () => {
    const cause = { status: 401, hint: 'Check OPENAI_API_KEY.', stack: 'Error: no\n    at here' };
    expect(line({ level: 'warn', cause, msg: 'run finished' })).toBe(
      '12:03:04.567 WARN  run finished  cause={"status":401}\n  → Check OPENAI_API_KEY.\n    Error: no\n    at here\n',
    );
  });

  it('escapes what could control a terminal, in each part', () => {
    const evil = '\u001b[2J\u009b1m\u202e\r\n';
    const text = line({ level: evil, context: evil, field: evil, cause: { hint: evil, stack: evil }, msg: evil });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('keeps text that is not a JSON object', () => {
    expect(prettyLine('"plain"\n', false)).toContain('"plain"');
    expect(prettyLine('broken {\n', false)).toContain('broken {');
  });
});
