import { ConsoleLogger } from '@nestjs/common';
import { LogLine } from './log.line.js';

const { jest } = import.meta;

afterEach(() => jest.restoreAllMocks());

describe('LogLine', () => {
  const line = new LogLine({
    run_id: 'r1',
    error: undefined,
    text: 'two words',
    cause: { status: 401 },
    msg: 'run finished',
  });

  it("is one line of Nest's console logger", () => {
    const written: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    new ConsoleLogger('RunEngine', { colors: false }).log(line);
    expect(written.join('')).toMatch(/ run finished run_id=r1 text="two words" cause=\{"status":401\}\n$/);
    expect(written.join('').split('\n')).toHaveLength(2);
  });

  it('is an object with its fields for a logger that writes JSON', () => {
    expect(JSON.parse(JSON.stringify(line))).toEqual({
      run_id: 'r1',
      text: 'two words',
      cause: { status: 401 },
      msg: 'run finished',
    });
  });
});
