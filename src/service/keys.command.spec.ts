import { existsSync } from 'node:fs';
import { sqlite } from '../../test/support/storage/stores.js';
import { runKeysCommand } from './keys.command.js';

const { jest } = import.meta;

const database = await sqlite.create('keys-command');
process.env.DATABASE_URL = database.databaseUrl;

afterEach(() => jest.restoreAllMocks());
afterAll(() => database.drop());

describe('runKeysCommand', () => {
  it.each(['list', 'revoke x', 'rotate x', 'update x --name y'])(
    '%s does not create a mistyped database',
    async (words) => {
      const file = `${database.databaseUrl.replace('file:', '')}.mistyped`;
      const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
      process.env.DATABASE_URL = `file:${file}`;
      try {
        expect(await runKeysCommand(words.split(' '))).toBe(1);
      } finally {
        process.env.DATABASE_URL = database.databaseUrl;
      }
      const advice = 'Correct DATABASE_URL. The first start creates the file.';
      expect(said).toHaveBeenCalledWith(`No database: the file ${file} does not exist. ${advice}\n`);
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each([
    [['list'], ''],
    [['list', '--tenant', 'acme'], ' of the tenant "acme"'],
  ])('says that a database has no keys, and which database: %j', async (words, whose) => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const output = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

    expect(await runKeysCommand(words)).toBe(0);

    const file = database.databaseUrl.replace('file:', '');
    expect(said).toHaveBeenCalledWith(`SQLite ${file} has no keys${whose}. \`npm run keys -- create\` creates one.\n`);
    expect(output).not.toHaveBeenCalled();
  });

  it.each([
    [['make'], 'Usage'],
    [['create', '--name', 'x'], '--tenant'],
    [['create', '--name', 'x', '--tenant', 'a', '--scopes', 'root'], 'root'],
    [['create', '--name', 'x', '--tenant', 'a b', '--scopes', 'chat'], 'tenant must'],
    [['create', '--name', 'x', '--tenant', 'a', '--scopes', 'chat', '--expires', 'soon'], 'soon'],
    [['create', '--name', 'x', '--tenant', 'a', '--scopes', 'chat', '--requests-per-minute', '-1'], 'per-minute'],
    [['list', '--colour'], '--colour'],
    [['revoke'], 'ID'],
    [['update'], 'ID'],
    [['update', 'any', '--tenant', 'b'], 'tenant'],
    [['update', 'any', '--end-user', 'ada'], 'ada'],
    [['update', 'any', '--ip-ranges', 'host'], 'ip_ranges must'],
    [['update', 'any'], 'At least one'],
  ])('names the fault of %j', async (words, message) => {
    const errors: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
    const output = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

    expect(await runKeysCommand(words)).toBe(1);

    expect(errors.join('')).toContain(message);
    expect(errors.join('')).not.toMatch(/^\s+at /m);
    expect(output).not.toHaveBeenCalled();
  });
});
