import { isLoopback, readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8000,
      AGENT_MODEL: 'gpt-4o',
      AGENT_TIMEOUT_SECONDS: 30,
      DATABASE_URL: 'file:./data/rookery.db',
      RATE_LIMIT_REQUESTS: 60,
    });
  });

  it('summarizes history only when that is said', () => {
    expect(readEnvironment({}).isHistorySummarized).toBe(false);
    expect(readEnvironment({ SUMMARIZE_HISTORY: 'true' }).isHistorySummarized).toBe(true);
  });

  it('takes an empty setting for one that is not set', () => {
    expect(readEnvironment({ PORT: '', OPENAI_API_KEY: '' })).toMatchObject({ PORT: 8000 });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ AGENT_TIMEOUT_SECONDS: '0' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ AGENT_TIMEOUT_SECONDS: 'Infinity' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ MODEL_API: 'foo' }, 'MODEL_API'],
    [{ OPENAI_BASE_URL: 'not a url' }, 'OPENAI_BASE_URL'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be file:<path> or postgres://'],
    [{ DATABASE_URL: 'postgres:x' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'file:' }, 'DATABASE_URL'],
    [{ CORS_ORIGINS: 'https://a.example,*' }, 'CORS_ORIGINS'],
    [{ TRUST_PROXY: '10.0.0.0/8, proxy' }, 'TRUST_PROXY'],
    [{ ALLOW_UNAUTHENTICATED: 'yes' }, 'ALLOW_UNAUTHENTICATED'],
    [{ AUTH_MODE: 'basic' }, 'AUTH_MODE'],
    [{ AUTH_MODE: 'jwt' }, 'AUTH_MODE=jwt needs JWT_ISSUER'],
    [{ JWKS_URI: 'http://idp.example/jwks' }, 'JWKS_URI must be an https URL'],
    [{ JWT_AUDIENCE: 'rookery' }, 'JWT_AUDIENCE goes with AUTH_MODE=jwt'],
    [{ DOCS_PUBLIC: 'false' }, 'DOCS_PUBLIC=false needs an AUTH_MODE'],
    [{ AUTH_MODE: 'api-key', ALLOW_UNAUTHENTICATED: 'true' }, 'contradicts'],
    [{ REDIS_URL: 'redis://127.0.0.1' }, 'REDIS_URL'],
    [{ SUMMARIZE_HISTORY: '1' }, 'SUMMARIZE_HISTORY'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ])('names the bad setting of %j', (variables, name) => {
    expect(() => readEnvironment(variables)).toThrow(name);
  });

  it('names all bad settings at once, and no key in clear', () => {
    const read = (): unknown => readEnvironment({ PORT: 'x', LOG_LEVEL: 'y', OPENAI_API_KEY: 'sk two words' });
    expect(read).toThrow(/PORT[^]*OPENAI_API_KEY[^]*LOG_LEVEL/);
    expect(read).not.toThrow('two words');
  });

  it.each(['file:x.db', 'postgres://user@host/db', 'postgresql:///db?host=/run/postgresql'])(
    'takes %s for a database',
    (url) => {
      expect(readEnvironment({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
    },
  );

  it('shows nothing of a database URL that it refuses: it may hold a password', () => {
    const read = (): unknown => readEnvironment({ DATABASE_URL: 'postgre://user:hunter2@host/db' });
    expect(read).toThrow('DATABASE_URL');
    expect(read).not.toThrow('hunter2');
  });

  it('refuses to be reachable from elsewhere without authentication, unless that is said', () => {
    expect(() => readEnvironment({ HOST: '0.0.0.0' })).toThrow('HOST must be a loopback address');
    expect(readEnvironment({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' }).HOST).toBe('0.0.0.0');
    expect(readEnvironment({ HOST: '0.0.0.0', AUTH_MODE: 'api-key' }).HOST).toBe('0.0.0.0');
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'LOCALHOST', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])('knows %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', '0.0.0.0', '::'])(
    'does not take %s for one',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
