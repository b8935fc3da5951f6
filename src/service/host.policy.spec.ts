import { HostPolicy, isHostPattern, parseHost } from './host.policy.js';

/** Creates a request with this Host header. */
const asking = (host: string, url = '/') => ({ rawHeaders: ['Accept', '*/*', 'Host', host], url });
const refusalOf = (patterns: string[], host: string) => new HostPolicy(patterns).refusalOf(asking(host));

describe('parseHost', () => {
  it.each([
    ['agents.example.com', 'agents.example.com'],
    ['Agents.EXAMPLE.com:8443', 'agents.example.com'],
    ['agents.example.com.', 'agents.example.com'],
    ['agents.example.com.:80', 'agents.example.com'],
    ['agents.example.com:', 'agents.example.com'],
    ['model_server', 'model_server'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['10.0.0.5:8000', '10.0.0.5'],
    ['2130706433', '2130706433'],
    ['[::1]:8000', '[::1]'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
    ['[FD00::0005]', '[fd00::5]'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ])('reads %p as %p', (header, host) => {
    expect(parseHost(header)).toBe(host);
  });

  it.each([
    '',
    ' ',
    '.',
    '..',
    ':8000',
    'a..b',
    '.a',
    'a b',
    'a:b',
    'a:80:80',
    'a:123456',
    'a/b',
    'a?b',
    'a#b',
    'a,b',
    'a\tb',
    'a\0b',
    'a%2eb',
    'user@a',
    'user:pass@a',
    'http://a',
    '*',
    '*.a',
    'bücher.example',
    'localhost\xe9',
    '::1',
    '[::1',
    '::1]',
    '[]',
    '[::1]x',
    '[::1].evil.com',
    '[::1]:x',
    '[fe80::1%eth0]',
    '[1:2:3]',
    '[localhost]',
    'a'.repeat(254),
  ])('rejects %p', (header) => {
    expect(parseHost(header)).toBeUndefined();
  });
});

describe('HostPolicy', () => {
  it.each([
    'localhost',
    'localhost:8000',
    'LocalHost.',
    'app.localhost',
    '127.0.0.1:8000',
    '127.255.255.254',
    '[::1]:8000',
    '[0::1]',
  ])('always allows %p', (host) => {
    for (const patterns of [[], ['agents.example.com'], ['*']]) expect(refusalOf(patterns, host)).toBeUndefined();
  });

  it.each([
    'localhost.evil.com',
    'localhost.evil.com:8000',
    'evillocalhost',
    'local',
    '127.0.0.1.evil.com',
    '1127.0.0.1',
    '127.0.0.1.1',
    '127.1',
    '0x7f000001',
    '0177.0.0.1',
    '2130706433',
    '0',
    '0.0.0.0',
    '[::]',
    '[::2]',
    '[::ffff:127.0.0.1]',
    '10.0.0.5',
    'xn--lcalhost-54a',
    'rookery-1:8000',
  ])('rejects %p by default, and names the host and the setting', (host) => {
    const name = parseHost(host);

    expect(refusalOf([], host)).toEqual({
      host: name,
      detail: `The Host "${name}" is not answered. Add it to ALLOWED_HOSTS.`,
    });
  });

  it.each(['', ' ', 'localhost@evil.com', 'evil.com#@localhost', 'localhost, evil.com', '[::1', 'localhost\0'])(
    'rejects the invalid host %p without suggesting it for the setting',
    (host) => {
      expect(refusalOf(['evil.com'], host)).toEqual({ detail: 'The Host of the request is not a valid host name.' });
    },
  );

  it('rejects a request without a Host header, and one with several', () => {
    const policy = new HostPolicy([]);

    expect(policy.refusalOf({ rawHeaders: [], url: '/' })).toEqual({ detail: 'The request has no Host header.' });
    expect(policy.refusalOf({ rawHeaders: ['X-Host', 'Host', 'host', 'localhost'], url: '/' })).toBeUndefined();
    expect(policy.refusalOf({ rawHeaders: ['Host', 'localhost', 'HOST', 'localhost'], url: '/' })).toEqual({
      detail: 'The request has more than one Host header.',
    });
  });

  it.each(['http://evil.com/a', 'HTTPS://evil.com', 'http://evil.com?x', 'http://localhost@evil.com/', 'http:///a'])(
    'rejects the target %p, regardless of the Host header',
    (url) => {
      expect(new HostPolicy([]).refusalOf(asking('localhost', url))).toBeDefined();
    },
  );

  it.each(['http://localhost/a', 'http://127.0.0.1:8000/a', '/a?b=http://evil.com/', '//evil.com/a', '*'])(
    'reads no other host from the target %p',
    (url) => {
      expect(new HostPolicy([]).refusalOf(asking('localhost', url))).toBeUndefined();
    },
  );

  it.each([
    ['agents.example.com', 'AGENTS.example.com:443'],
    ['Agents.Example.com.', 'agents.example.com'],
    ['*.example.com', 'agents.example.com'],
    ['*.example.com', 'a.b.example.com.'],
    ['10.0.0.5', '10.0.0.5:8000'],
    ['[FD00::5]', '[fd00:0::5]:8000'],
    ['*', 'evil.com'],
    ['*', ''],
  ])('with %p allows %p', (pattern, host) => {
    expect(refusalOf([pattern], host)).toBeUndefined();
  });

  it.each([
    ['agents.example.com', 'example.com'],
    ['agents.example.com', 'agents.example.com.evil.com'],
    ['agents.example.com', 'xagents.example.com'],
    ['*.example.com', 'example.com'],
    ['*.example.com', 'badexample.com'],
    ['*.example.com', 'example.com.evil.com'],
    ['10.0.0.5', '10.0.0.50'],
    ['[fd00::5]', '[fd00::6]'],
  ])('with %p rejects %p', (pattern, host) => {
    expect(refusalOf([pattern], host)?.host).toBe(parseHost(host));
  });

  it('lists the allowed hosts', () => {
    expect(new HostPolicy([]).describe()).toBe('localhost, *.localhost, 127.0.0.0/8, [::1]');
    expect(new HostPolicy(['a.example', '*.b.example']).describe()).toMatch(/\[::1\], a\.example, \*\.b\.example$/);
    expect(new HostPolicy(['a.example', '*']).describe()).toBe('*');
  });
});

describe('isHostPattern', () => {
  it.each(['agents.example.com', 'AGENTS', '*.example.com', '*.com', '*', '10.0.0.5', '[fd00::5]', 'my_service'])(
    'accepts %p',
    (item) => {
      expect(isHostPattern(item)).toBe(true);
    },
  );

  it.each([
    '',
    '*.',
    '**',
    '*example.com',
    'a.*.com',
    '*.*.com',
    '*.[::1]',
    '.example.com',
    'agents.example.com:8443',
    'https://agents.example.com',
    'agents.example.com/',
    '10.0.0.0/8',
    'fd00::5',
    'bücher.example',
    'a b',
  ])('rejects %p', (item) => {
    expect(isHostPattern(item)).toBe(false);
  });
});
