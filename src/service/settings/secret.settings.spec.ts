import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from './environment.reader.js';
import { SECRETS } from './secret.settings.js';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

function faultOf(variables: NodeJS.ProcessEnv): string {
  try {
    readEnvironment(variables);
  } catch (failure) {
    return String(failure);
  }
  throw new Error('The settings were accepted.');
}

describe('a secret', () => {
  it('comes from a file, without the line ends at its end', () => {
    for (const end of ['', '\n', '\r\n', '\n\n']) {
      const WEBHOOK_SECRET_FILE = fileWith(SECRET + end);
      expect(readEnvironment({ WEBHOOK_SECRET_FILE }).WEBHOOK_SECRET).toBe(SECRET);
    }
  });

  it('comes from a file for the tools of the command line, too', () => {
    const DATABASE_URL_FILE = fileWith('file:./other.db\n');
    expect(readEnvironment({ DATABASE_URL_FILE }, { areFilesRead: false }).DATABASE_URL).toBe('file:./other.db');
  });

  it('comes from a file for another provider', () => {
    const LOCAL = { MODELS: 'fast=llama@LOCAL', AGENT_MODEL: 'fast', LOCAL_BASE_URL: 'http://127.0.0.1:11434/v1' };
    const { models } = readEnvironment({ ...LOCAL, LOCAL_API_KEY_FILE: fileWith('sk-local\n') });
    expect(models).toMatchObject({ fast: { provider: { apiKey: 'sk-local' } } });
    expect(readEnvironment({ UNUSED_API_KEY_FILE: '/not/there' }).models).toEqual({});
  });

  it('comes from a file for agents in files, also if it is a setting of the service', () => {
    const AGENTS = { AGENTS_DIR: 'agents', AGENTS_SECRETS: 'OPENAI_API_KEY' };
    const { agentSecrets } = readEnvironment({ ...AGENTS, OPENAI_API_KEY_FILE: fileWith('sk-shared\n') });
    expect(agentSecrets).toEqual(new Map([['OPENAI_API_KEY', 'sk-shared']]));
  });

  it.each([
    [{ OPENAI_API_KEY: 'sk-1', OPENAI_API_KEY_FILE: '/any' }, /OPENAI_API_KEY_FILE contradicts OPENAI_API_KEY/],
    [{ OPENAI_API_KEY_FILE: '/not/there' }, /OPENAI_API_KEY_FILE cannot be read: the file \/not\/there does not exist/],
    [{ REDIS_URL_FILE: folder }, /REDIS_URL_FILE cannot be read: .* is a folder, not a file/],
    [{ WEBHOOK_SECRET_FILE: '/dev/null' }, /WEBHOOK_SECRET_FILE is an empty file/],
  ])('is refused if its settings are %j', (variables, message) => {
    expect(faultOf(variables)).toMatch(message);
  });

  it('is not printed if it is not valid', () => {
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'WEBHOOK_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS']) {
      const message = faultOf({ [`${name}_FILE`]: fileWith('no-such-secret') });
      expect(message).toContain(name);
      expect(message).not.toContain('no-such-secret');
    }
  });

  it('is marked in each setting that is named like one', () => {
    // This one has the names of secrets.
    const named = Object.keys(readEnvironment({})).filter(
      (name) => /(API_KEY|SECRETS?|PASSWORD)$|^(DATABASE|REDIS|RPC)_URL$/.test(name) && name !== 'AGENTS_SECRETS',
    );
    expect([...SECRETS]).toEqual(expect.arrayContaining(named));
    expect(named.length).toBeGreaterThan(4);
  });
});
