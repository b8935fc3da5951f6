import { readEnvironment } from './environment.reader.js';

const PROVIDER = { OPENAI_API_KEY: 'k' };

describe('FALLBACK_MODELS', () => {
  it('is empty by default', () => {
    expect(readEnvironment({}).fallbacks).toEqual([]);
    expect(readEnvironment({ FALLBACK_MODELS: '' }).fallbacks).toEqual([]);
  });

  it('names models of the primary provider, and of others by their settings', () => {
    const { fallbacks } = readEnvironment({
      ...PROVIDER,
      FALLBACK_MODELS: 'gpt-4o-mini, llama3.2:3b@LOCAL,@cf/meta/llama@EDGE_1,Qwen/Qwen3-8B@LOCAL,@cf/own,odd@2@OPENAI',
      LOCAL_BASE_URL: 'http://127.0.0.1:11434/v1',
      EDGE_1_BASE_URL: 'https://edge.example/v1',
      EDGE_1_API_KEY: 'secret',
      EDGE_1_MODEL_API: 'responses',
    });

    const named = (provider: string) => ({
      apiKey: `${provider}_API_KEY`,
      baseUrl: `${provider}_BASE_URL`,
      api: `${provider}_MODEL_API`,
      model: 'FALLBACK_MODELS',
    });
    const local = { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: undefined, api: undefined, names: named('LOCAL') };
    const edge = { baseUrl: 'https://edge.example/v1', apiKey: 'secret', api: 'responses', names: named('EDGE_1') };
    expect(fallbacks).toEqual([
      { model: 'gpt-4o-mini', provider: undefined },
      { model: 'llama3.2:3b', provider: local },
      { model: '@cf/meta/llama', provider: edge },
      { model: 'Qwen/Qwen3-8B', provider: local },
      { model: '@cf/own', provider: undefined },
      { model: 'odd@2', provider: undefined },
    ]);
  });

  it.each<[Record<string, string>, string]>([
    [{ FALLBACK_MODELS: 'a', OPENAI_API_KEY: '' }, 'FALLBACK_MODELS needs OPENAI_API_KEY or OPENAI_BASE_URL'],
    [{ FALLBACK_MODELS: 'a@LOCAL' }, 'FALLBACK_MODELS names the provider LOCAL, which needs LOCAL_BASE_URL'],
    [{ FALLBACK_MODELS: 'a@local' }, 'in capital letters, such as gpt-4o-mini,llama3.2@LOCAL, not "a@local"'],
    [{ FALLBACK_MODELS: 'a@' }, 'FALLBACK_MODELS must be a comma-separated list of models'],
    [{ FALLBACK_MODELS: '@LOCAL', LOCAL_BASE_URL: 'http://a/v1' }, 'FALLBACK_MODELS must be a comma-separated list'],
    [{ FALLBACK_MODELS: 'gpt 4o' }, 'FALLBACK_MODELS must be a comma-separated list of models'],
    [{ FALLBACK_MODELS: 'a,b,a' }, 'FALLBACK_MODELS must not repeat a model'],
    [{ FALLBACK_MODELS: 'a,a@OPENAI' }, 'FALLBACK_MODELS must not repeat a model'],
    [{ FALLBACK_MODELS: 'a,b,c,d,e,f,g,h,i,j,k' }, 'FALLBACK_MODELS must name at most 10 models, not 11'],
    [{ FALLBACK_MODELS: 'a@X', X_BASE_URL: 'ftp://a' }, 'X_BASE_URL must be an http or https URL'],
    [
      { FALLBACK_MODELS: 'a@X', X_BASE_URL: 'http://a/v1', X_API_KEY: 'two words' },
      'X_API_KEY must be printable ASCII characters without spaces',
    ],
    [
      { FALLBACK_MODELS: 'a@X', X_BASE_URL: 'http://a/v1', X_MODEL_API: 'grpc' },
      'X_MODEL_API must be one of the following values: responses, chat, not "grpc"',
    ],
  ])('is rejected with the rule: %j', (variables, fault) => {
    expect(() => readEnvironment({ ...PROVIDER, ...variables })).toThrow(fault);
  });

  it('is rejected only for its form if that is invalid', () => {
    const read = (): unknown => readEnvironment({ ...PROVIDER, FALLBACK_MODELS: 'a@x,a@y' });
    expect(read).toThrow('in capital letters');
    expect(read).not.toThrow('repeat');
  });

  it('does not print an invalid key or URL', () => {
    const read = (): unknown =>
      readEnvironment({
        ...PROVIDER,
        FALLBACK_MODELS: 'a@X',
        X_BASE_URL: 'ftp://user:hunter2@host',
        X_API_KEY: 'hunter2 in clear',
      });
    expect(read).toThrow(/X_API_KEY[^]*X_BASE_URL/);
    expect(read).not.toThrow('hunter2');
  });
});

describe('MODELS', () => {
  it('is empty by default', () => {
    expect(readEnvironment({}).models).toEqual({});
    expect(readEnvironment({ MODELS: '' }).models).toEqual({});
  });

  it('gives names to models of the primary provider, and of others by their settings', () => {
    const { models, fallbacks } = readEnvironment({
      ...PROVIDER,
      MODELS: 'fast=llama3.2:3b@LOCAL, big=gpt-4o,own=@cf/own,odd=a=b@2@OPENAI',
      FALLBACK_MODELS: 'fast,spare@LOCAL',
      LOCAL_BASE_URL: 'http://127.0.0.1:11434/v1',
      LOCAL_API_KEY: 'secret',
      LOCAL_MODEL_API: 'chat',
    });

    const names = expect.objectContaining({ apiKey: 'LOCAL_API_KEY', model: 'MODELS' });
    const local = { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: 'secret', api: 'chat', names };
    expect(models).toEqual({
      fast: { model: 'llama3.2:3b', provider: local },
      big: { model: 'gpt-4o', provider: undefined },
      own: { model: '@cf/own', provider: undefined },
      odd: { model: 'a=b@2', provider: undefined },
    });
    expect(fallbacks).toEqual([
      { model: 'fast', provider: undefined },
      { model: 'spare', provider: local },
    ]);
  });

  it.each<[Record<string, string>, string]>([
    [{ MODELS: 'llama3.2@LOCAL', LOCAL_BASE_URL: 'http://a/v1' }, 'MODELS must be a comma-separated list of names'],
    [{ MODELS: '=a' }, 'MODELS must be a comma-separated list of names'],
    [{ MODELS: 'a=' }, 'MODELS must be a comma-separated list of names'],
    [{ MODELS: 'a@b=c' }, 'such as fast=llama3.2@LOCAL, not "a@b=c"'],
    [{ MODELS: 'a=b c' }, 'MODELS must be a comma-separated list of names'],
    [{ MODELS: 'a=b@local' }, 'with a provider in capital letters'],
    [{ MODELS: 'a=b,a=c' }, 'MODELS must not repeat a name, not "a=b,a=c"'],
    [{ MODELS: 'a=b@LOCAL' }, 'MODELS names the provider LOCAL, which needs LOCAL_BASE_URL'],
    [{ MODELS: 'a=b@X', X_BASE_URL: 'ftp://a' }, 'X_BASE_URL must be an http or https URL'],
    [
      { MODELS: 'a=b@X', X_BASE_URL: 'http://a/v1', X_API_KEY: 'two words' },
      'X_API_KEY must be printable ASCII characters without spaces',
    ],
    [
      { MODELS: 'a=b@X', X_BASE_URL: 'http://a/v1', X_MODEL_API: 'grpc' },
      'X_MODEL_API must be one of the following values: responses, chat, not "grpc"',
    ],
    [
      { OPENAI_API_KEY: '', MODELS: 'a=b@X', X_BASE_URL: 'http://a/v1', FALLBACK_MODELS: 'b' },
      'FALLBACK_MODELS needs a name of MODELS, or OPENAI_API_KEY or OPENAI_BASE_URL: the offline model does not fail',
    ],
    [
      { OPENAI_API_KEY: '', MODELS: 'a=b', AGENT_MODEL: 'a' },
      'MODELS needs a provider, or OPENAI_API_KEY or OPENAI_BASE_URL',
    ],
    [
      { OPENAI_API_KEY: '', MODELS: 'fast=b@X', X_BASE_URL: 'http://a/v1' },
      'AGENT_MODEL must be a name of MODELS without OPENAI_API_KEY and OPENAI_BASE_URL, not "gpt-4o"',
    ],
    [
      { OPENAI_API_KEY: '', MODELS: 'fast=b@X', X_BASE_URL: 'http://a/v1', AGENT_MODEL: 'fats' },
      'AGENT_MODEL must be a name of MODELS without OPENAI_API_KEY and OPENAI_BASE_URL, not "fats"',
    ],
  ])('is rejected with the rule: %j', (variables, fault) => {
    expect(() => readEnvironment({ ...PROVIDER, ...variables })).toThrow(fault);
  });
});
