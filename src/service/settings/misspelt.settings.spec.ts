import { readEnvironment } from './environment.reader.js';

const misspelt = (variables: Record<string, string>) =>
  Object.fromEntries(readEnvironment(variables).misspelt.map(({ variable, setting }) => [variable, setting]));

describe('misspelt settings', () => {
  it.each([
    ['OPENAI_KEY', 'OPENAI_API_KEY'],
    ['OPENAI_APIKEY', 'OPENAI_API_KEY'],
    ['OPENAI_API_KEY_FLIE', 'OPENAI_API_KEY_FILE'],
    ['OPENAI_URL', 'OPENAI_BASE_URL'],
    ['OPENAI_API_BASE', 'OPENAI_BASE_URL'],
    ['OPENAI_MODEL', 'AGENT_MODEL'],
    ['AGENT_TIMEOUT', 'AGENT_TIMEOUT_SECONDS'],
    ['RATE_LIMIT', 'RATE_LIMIT_REQUESTS'],
    ['PORTT', 'PORT'],
    ['PROT', 'PORT'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['ROOKERY_LOG_LEVEL', 'LOG_LEVEL'],
    ['auth_mode', 'AUTH_MODE'],
    ['JWT_ISUER', 'JWT_ISSUER'],
    ['MAX_TOKENS', 'MAX_OUTPUT_TOKENS'],
  ])('are found: %s means %s', (variable, setting) => {
    expect(misspelt({ [variable]: 'any' })).toEqual({ [variable]: setting });
  });

  it('do not include the variables of an ordinary environment', () => {
    const names =
      'PATH HOME USER SHELL LANG LC_ALL TERM PWD OLDPWD SHLVL HOSTNAME HOSTTYPE LOGNAME MAIL EDITOR TZ TMPDIR HISTSIZE ' +
      'NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_COMPILE_CACHE npm_config_port npm_package_config_host ' +
      'http_proxy https_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY no_proxy CI GITHUB_TOKEN GITHUB_API_URL ' +
      'KUBERNETES_PORT KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT REDIS_HOST REDIS_PORT REDIS_PASSWORD ' +
      'DB_HOST DB_PORT PGHOST PGPORT PGUSER PGDATABASE POSTGRES_PASSWORD POSTGRES_DB DATABASE API_KEY API_URL ' +
      'AWS_REGION AWS_PROFILE AZURE_OPENAI_API_KEY ANTHROPIC_API_KEY OPENAI_ORG_ID OPENAI_ORGANIZATION ' +
      'OPENAI_PROJECT_ID OPENAI_API_KEY_2 OTEL_RESOURCE_ATTRIBUTES OTEL_EXPORTER_OTLP_PROTOCOL ' +
      'OTEL_TRACES_EXPORTER OTEL_METRICS_EXPORTER OTEL_LOGS_EXPORTER OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ' +
      'SSH_AUTH_SOCK SSH_CLIENT XDG_RUNTIME_DIR DISPLAY COLORTERM DEBUG LOG_DIR LOG_FILE WEBHOOK_URL JWT_SECRET ' +
      'AUTH_TOKEN SESSION_SECRET MODEL HOSTS PORTS POST COST MODEL_DIR DOCKER_HOST INVOCATION_ID JOURNAL_STREAM';
    const ordinary = Object.fromEntries(names.split(/\s+/).map((name) => [name, 'any']));
    expect(misspelt({ ...ordinary, ROOKERY_PORT: 'tcp://10.0.0.1:80' })).toEqual({});
  });

  it('do not include the settings of other providers', () => {
    const provider = { MODELS: 'a=b@OPENAI2,c=d@OPEN_AI', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
    const urls = { OPENAI2_BASE_URL: 'http://127.0.0.1:2', OPEN_AI_BASE_URL: 'http://127.0.0.1:3' };
    expect(misspelt({ ...provider, ...urls, OPENAI2_API_KEY: 'k', OPEN_AI_API_KEY: 'k' })).toEqual({});
  });

  it('stand beside the faults that they may explain', () => {
    expect(() => readEnvironment({ AUTH_MODE: 'jwt', JWT_ISUER: 'a', JWT_AUDIENCE: 'b' })).toThrow(
      'JWT_ISUER is not a setting. Did you mean JWT_ISSUER?',
    );
  });
});
