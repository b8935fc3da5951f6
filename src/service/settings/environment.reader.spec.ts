import { readEnvironment } from './environment.reader.js';
import { isLoopback } from './setting.rules.js';

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8000,
      AGENT_MODEL: 'gpt-4o',
      AGENT_TIMEOUT_SECONDS: 30,
      DATABASE_URL: 'file:./data/rookery.db',
      AUTH_FAILURE_LIMIT: 20,
    });
  });

  it.each([
    [{}, true],
    [{ STUDIO: 'false' }, false],
    [{ HOST: '0.0.0.0', AUTH_MODE: 'api-key' }, true],
    [{ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' }, false],
    [{ ALLOW_UNAUTHENTICATED: 'true' }, false],
    [{ ALLOW_UNAUTHENTICATED: 'true', STUDIO: 'true' }, true],
    [
      { PROCESS_ROLE: 'worker', STUDIO: 'true', REDIS_URL: 'redis://127.0.0.1', DATABASE_URL: 'postgres://db/a' },
      false,
    ],
  ])('serves Studio with %j: %s', (settings, isServed) => {
    expect(readEnvironment(settings).servesStudio).toBe(isServed);
  });

  it('summarizes history only if the setting is true', () => {
    expect(readEnvironment({}).isHistorySummarized).toBe(false);
    expect(readEnvironment({ SUMMARIZE_HISTORY: 'true' }).isHistorySummarized).toBe(true);
  });

  it.each([
    [{}, true],
    [{ ALLOW_UNAUTHENTICATED: 'true' }, false],
    [{ ALLOW_UNAUTHENTICATED: 'true', OPENAI_API: 'true' }, true],
    [{ AUTH_MODE: 'api-key', HOST: '0.0.0.0' }, true],
    [{ AUTH_MODE: 'api-key', OPENAI_API: 'false' }, false],
  ])('with %j serves the OpenAI-compatible API: %s', (settings, isServed) => {
    expect(readEnvironment(settings).isOpenAIServed).toBe(isServed);
  });

  it('reports a missing file of prices once, unless files are not read', () => {
    const settings = { PRICES_FILE: '/not/there.json', TENANT_COST_PER_MONTH: '5' };
    expect(() => readEnvironment(settings)).toThrow(/^The settings are not valid:\n- PRICES_FILE [^\n]*cannot be used/);
    expect(() => readEnvironment(settings)).not.toThrow('needs PRICES_FILE');
    expect(readEnvironment(settings, { areFilesRead: false }).PRICES_FILE).toBe('/not/there.json');
  });

  it('takes only settings from the variables', () => {
    const others = { HOME: '/home/ada', AWS_SECRET_ACCESS_KEY: 'secret', prices: 'none', models: 'all', toString: 'x' };
    expect(readEnvironment(others)).toEqual(readEnvironment({}));
    expect(Object.keys(readEnvironment(others))).not.toContain('HOME');
  });

  it('treats an empty setting as not set', () => {
    expect(readEnvironment({ PORT: '', OPENAI_API_KEY: '' })).toMatchObject({ PORT: 8000 });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '80.5' }, 'PORT'],
    [{ API_V1_DEPRECATED_AT: 'soon' }, 'API_V1_DEPRECATED_AT'],
    [{ API_V1_SUNSET_AT: '2027-02-30' }, 'API_V1_SUNSET_AT'],
    [{ API_V1_DEPRECATED_AT: '2027-02-01', API_V1_SUNSET_AT: '2027-01-01' }, 'API_V1_SUNSET_AT must not be before'],
    [{ HOST: '0.0.0.0' }, 'ALLOW_UNAUTHENTICATED'],
    [{ AGENT_TIMEOUT_SECONDS: '-1' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ AGENT_TIMEOUT_SECONDS: 'soon' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ SHUTDOWN_TIMEOUT_SECONDS: '-1' }, 'SHUTDOWN_TIMEOUT_SECONDS'],
    [{ TASK_TIMEOUT_SECONDS: '0' }, 'TASK_TIMEOUT_SECONDS'],
    [{ REQUEST_TIMEOUT_SECONDS: '0' }, 'REQUEST_TIMEOUT_SECONDS'],
    [{ REQUEST_TIMEOUT_SECONDS: '90000' }, 'REQUEST_TIMEOUT_SECONDS'],
    [{ TASK_CONCURRENCY: '0' }, 'TASK_CONCURRENCY'],
    [{ TASK_CONCURRENCY_PER_CALLER: '0' }, 'TASK_CONCURRENCY_PER_CALLER'],
    [{ PROCESS_ROLE: 'boss' }, 'PROCESS_ROLE'],
    [{ STREAM_GRACE_SECONDS: '-1' }, 'STREAM_GRACE_SECONDS'],
    [{ SESSION_POLICY: 'fight' }, 'SESSION_POLICY'],
    [{ RATE_LIMIT_REQUESTS: 'many' }, 'RATE_LIMIT_REQUESTS'],
    [{ RATE_LIMIT_WINDOW_SECONDS: '0' }, 'RATE_LIMIT_WINDOW_SECONDS'],
    [{ MAX_CONCURRENT_RUNS: '-5' }, 'MAX_CONCURRENT_RUNS'],
    [{ HISTORY_TOKENS: '1e' }, 'HISTORY_TOKENS'],
    [{ OPENAI_BASE_URL: 'nowhere' }, 'OPENAI_BASE_URL'],
    [{ AGENT_TIMEOUT_SECONDS: '0' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ AGENT_TIMEOUT_SECONDS: 'Infinity' }, 'AGENT_TIMEOUT_SECONDS'],
    [{ MODEL_API: 'foo' }, 'MODEL_API'],
    [{ OPENAI_BASE_URL: 'not a url' }, 'OPENAI_BASE_URL'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be file:<path> or postgres://'],
    [{ DATABASE_URL: 'postgres:x' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'file:' }, 'DATABASE_URL'],
    [{ CORS_ORIGINS: 'https://a.example,*' }, 'CORS_ORIGINS'],
    [{ TRUST_PROXY: '10.0.0.0/8, proxy' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '0.0.0.0/0' }, 'TRUST_PROXY must be a comma-separated list of IP addresses or networks'],
    [{ ALLOW_UNAUTHENTICATED: 'yes' }, 'ALLOW_UNAUTHENTICATED'],
    [{ ALLOWED_HOSTS: 'https://agents.example.com' }, 'ALLOWED_HOSTS must be a comma-separated list of host names'],
    [{ ALLOWED_HOSTS: 'agents.example.com:8000' }, 'ALLOWED_HOSTS must be'],
    [{ ALLOWED_HOSTS: 'localhost, fd00::5' }, 'ALLOWED_HOSTS must be'],
    [{ AUTH_MODE: 'basic' }, 'AUTH_MODE must be one of'],
    [{ AUTH_MODE: 'jwt' }, /AUTH_MODE=jwt needs JWT_ISSUER[^]*JWT_AUDIENCE/],
    [{ JWKS_URI: 'http://idp.example/jwks' }, 'JWKS_URI must be a comma-separated list of https URLs'],
    [{ JWT_ISSUER: 'https://idp.example' }, 'JWT_ISSUER requires AUTH_MODE=jwt'],
    [{ JWT_AUDIENCE: 'rookery' }, 'JWT_AUDIENCE requires AUTH_MODE=jwt'],
    [{ DOCS_PUBLIC: 'false' }, 'DOCS_PUBLIC=false needs an AUTH_MODE'],
    [{ AUTH_MODE: 'api-key', ALLOW_UNAUTHENTICATED: 'true' }, 'contradicts'],
    [{ REDIS_URL: 'redis://127.0.0.1' }, 'REDIS_URL'],
    [{ SUMMARIZE_HISTORY: '1' }, 'SUMMARIZE_HISTORY'],
    [{ WEBHOOK_SECRET: `whsec_${Buffer.alloc(23).toString('base64')}` }, 'WEBHOOK_SECRET'],
    [{ WEBHOOK_SECRET: `whsec_${Buffer.alloc(65).toString('base64')}` }, 'WEBHOOK_SECRET'],
    [{ WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 255).toString('base64url')}` }, 'WEBHOOK_SECRET'],
    [{ WEBHOOK_ALLOW_PRIVATE: 'yes' }, 'WEBHOOK_ALLOW_PRIVATE'],
    [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'OTEL_TRACES_SAMPLER must be one of'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    [{ OTEL_TRACES_SAMPLER_ARG: 'half' }, 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=b,c' }, 'OTEL_EXPORTER_OTLP_HEADERS must be a comma-separated list'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ FLAGD_URL: 'nonsense', RELEASES_DIR: '.' }, 'FLAGD_URL must be an http or https URL'],
    [{ RPC_TRANSPORT: 'kafka' }, 'RPC_TRANSPORT must be one of the following values: none, tcp, redis, nats'],
    [{ RPC_PORT: '70000' }, 'RPC_PORT'],
    [{ RPC_TRANSPORT: 'tcp', RPC_HOST: '0.0.0.0' }, 'RPC_HOST must be a loopback address'],
    [{ RPC_TRANSPORT: 'tcp', RPC_URL: 'redis://127.0.0.1' }, 'RPC_URL requires RPC_TRANSPORT=redis or nats'],
    [{ RPC_TRANSPORT: 'redis' }, 'RPC_TRANSPORT=redis needs RPC_URL, such as redis://'],
    [{ RPC_TRANSPORT: 'redis', RPC_URL: 'nats://127.0.0.1' }, 'RPC_TRANSPORT=redis needs RPC_URL'],
    [
      { RPC_TRANSPORT: 'nats', RPC_URL: 'nats://127.0.0.1,nowhere' },
      'RPC_TRANSPORT=nats needs RPC_URL, such as nats://',
    ],
    [{ RPC_TRANSPORT: 'nats', RPC_URL: 'nats://broker:4222' }, 'The host of RPC_URL must be a loopback address'],
    [{ RPC_TRANSPORT: 'tcp', RPC_HOST: '0.0.0.0', AUTH_MODE: 'api-key' }, 'or RPC_ALLOW_PLAINTEXT=true'],
    [
      { RPC_TRANSPORT: 'tcp', RPC_HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' },
      'RPC_HOST must be a loopback address without TLS, not "0.0.0.0"',
    ],
    [{ RPC_TRANSPORT: 'tcp', RPC_TLS_CERT_FILE: 'a' }, 'RPC_TLS_CERT_FILE and RPC_TLS_KEY_FILE need each other'],
    [{ RPC_TRANSPORT: 'tcp', RPC_TLS_CA_FILE: 'a' }, 'RPC_TLS_CA_FILE both'],
    [{ RPC_TLS_CERT_FILE: 'a', RPC_TLS_KEY_FILE: 'b' }, 'require RPC_TRANSPORT=tcp'],
    [{ RPC_ALLOW_PLAINTEXT: 'yes' }, 'RPC_ALLOW_PLAINTEXT'],
    [{ RPC_INBOX_PREFIXES: '_INBOX.>' }, 'RPC_INBOX_PREFIXES must be a comma-separated list of NATS subjects'],
  ])('reports the invalid setting of %j', (variables, name) => {
    expect(() => readEnvironment(variables)).toThrow(name);
  });

  it.each(['hunter2', 'whsec_', 'whsec_aHVudGVyMg==', `whsec_${'hunter2'.repeat(20)}`])(
    'reports the WEBHOOK_SECRET %s without printing it',
    (secret) => {
      const read = (): unknown => readEnvironment({ WEBHOOK_SECRET: secret });
      expect(read).toThrow('WEBHOOK_SECRET must be whsec_ and base64');
      expect(read).not.toThrow(`"${secret}"`);
    },
  );

  it('reports all invalid settings at once, without secrets', () => {
    const read = (): unknown => readEnvironment({ PORT: 'x', LOG_LEVEL: 'y', OPENAI_API_KEY: 'sk two words' });
    expect(read).toThrow(/PORT[^]*OPENAI_API_KEY[^]*LOG_LEVEL/);
    expect(read).not.toThrow('two words');
  });

  it.each(['file:x.db', 'postgres://user@host/db', 'postgresql:///db?host=/run/postgresql'])(
    'accepts the database %s',
    (url) => {
      expect(readEnvironment({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
    },
  );

  it('does not print an invalid database URL, which may contain a password', () => {
    const read = (): unknown => readEnvironment({ DATABASE_URL: 'postgre://user:hunter2@host/db' });
    expect(read).toThrow('DATABASE_URL');
    expect(read).not.toThrow('hunter2');
  });

  it.each([
    { RPC_TRANSPORT: 'tcp' },
    { RPC_TRANSPORT: 'tcp', RPC_HOST: '0.0.0.0', AUTH_MODE: 'api-key', RPC_ALLOW_PLAINTEXT: 'true' },
    {
      RPC_TRANSPORT: 'tcp',
      RPC_HOST: '0.0.0.0',
      AUTH_MODE: 'api-key',
      RPC_TLS_CERT_FILE: 'server.pem',
      RPC_TLS_KEY_FILE: 'server.key',
    },
    { RPC_TRANSPORT: 'redis', RPC_URL: 'redis://127.0.0.1:6379' },
    { RPC_TRANSPORT: 'nats', RPC_URL: 'tls://name:word@a:4222, tls://b:4222', AUTH_MODE: 'api-key' },
    { RPC_TRANSPORT: 'nats', RPC_URL: 'nats://broker:4222', ALLOW_UNAUTHENTICATED: 'true' },
  ])('accepts %j', (variables) => {
    expect(readEnvironment(variables).hasRpc).toBe(true);
  });

  it('does not print an invalid broker URL', () => {
    const read = (): unknown => readEnvironment({ RPC_TRANSPORT: 'nats', RPC_URL: 'http://user:hunter2@host' });
    expect(read).toThrow('RPC_URL');
    expect(read).not.toThrow('hunter2');
  });

  it.each([24, 32, 64])('accepts a webhook secret of %p bytes', (bytes) => {
    const WEBHOOK_SECRET = `whsec_${Buffer.alloc(bytes, 255).toString('base64')}`;
    expect(readEnvironment({ WEBHOOK_SECRET })).toMatchObject({ WEBHOOK_SECRET, arePrivateWebhooksAllowed: false });
    expect(readEnvironment({ WEBHOOK_ALLOW_PRIVATE: 'true' }).arePrivateWebhooksAllowed).toBe(true);
  });

  it('does not print an invalid webhook secret', () => {
    const read = (): unknown => readEnvironment({ WEBHOOK_SECRET: 'whsec_hunter2' });
    expect(read).toThrow('WEBHOOK_SECRET must be');
    expect(read).not.toThrow('hunter2');
  });

  it('allows only loopback names, unless callers are authenticated or the setting allows more', () => {
    const allowed = (variables: NodeJS.ProcessEnv) => readEnvironment(variables).allowedHosts;
    const ALLOWED_HOSTS = 'agents.example.com, *.example.com,';

    expect(allowed({})).toEqual([]);
    expect(allowed({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' })).toEqual([]);
    expect(allowed({ AUTH_MODE: 'api-key' })).toEqual(['*']);
    expect(allowed({ ALLOWED_HOSTS })).toEqual(['agents.example.com', '*.example.com']);
    expect(allowed({ ALLOWED_HOSTS, AUTH_MODE: 'api-key' })).toEqual(['agents.example.com', '*.example.com']);
  });

  it('rejects a public address without authentication, unless explicitly allowed', () => {
    expect(() => readEnvironment({ HOST: '0.0.0.0' })).toThrow('HOST must be a loopback address');
    expect(readEnvironment({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' }).HOST).toBe('0.0.0.0');
    expect(readEnvironment({ HOST: '0.0.0.0', AUTH_MODE: 'api-key' }).HOST).toBe('0.0.0.0');
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'LOCALHOST', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])(
    'accepts %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(['', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', '0.0.0.0', '::'])(
    'rejects %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('the settings of tokens', () => {
  const JWT = { AUTH_MODE: 'jwt', JWT_ISSUER: 'https://id.example.com/', JWT_AUDIENCE: 'rookery' };

  it('need neither JWKS_URI nor the names of claims', () => {
    expect(readEnvironment(JWT)).toMatchObject({
      JWKS_URI: undefined,
      areTokensAccepted: true,
      areKeysAccepted: false,
    });
    expect(readEnvironment({ ...JWT, AUTH_MODE: 'api-key,jwt' }).areKeysAccepted).toBe(true);
  });

  it.each([
    [{ JWT_ISSUER: 'http://id.example.com' }, 'JWT_ISSUER must be an https URL'],
    [{ JWT_ISSUER: 'id, https://b.example' }, 'JWT_ISSUER must be an https URL'],
    [{ JWT_ISSUER: 'https://b.example,https://b.example' }, 'JWT_ISSUER must not repeat'],
    [{ JWKS_URI: 'https://a.example,https://b.example' }, 'JWKS_URI must have one URL for each issuer'],
    [{ JWT_MAX_AGE_SECONDS: '0' }, 'JWT_MAX_AGE_SECONDS'],
    [{ JWT_ALLOW_ADMIN: 'no' }, 'JWT_ALLOW_ADMIN must be one of'],
    [{ AUTH_MODE: 'api-key', JWT_ISSUER: '', JWT_AUDIENCE: '', JWT_TYPE: 'at+jwt' }, 'JWT_TYPE requires AUTH_MODE=jwt'],
  ])('are refused if they are %j', (fault, message) => {
    expect(() => readEnvironment({ ...JWT, ...fault })).toThrow(message);
  });
});
