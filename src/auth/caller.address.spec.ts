import { callerAddress, canonicalAddress, networkOf } from './caller.address.js';

describe('an address in canonical form', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50123', '203.0.113.7'],
    ['[203.0.113.7]:50123', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:50123', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:0DB8:0000::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:DB8::1]:50123', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%eth0]:50123', 'fe80::1'],
    ['::1', '::1'],
    ['::127.0.0.1', '::127.0.0.1'],
  ])('is for %s %s', (text, address) => expect(canonicalAddress(text)).toBe(address));

  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    'localhost',
    'localhost:80',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.7:',
    '203.0.113.7:123456',
    '203.0.113.7:a',
    '203.0.113.7 ',
    '2001:db8::1:50123',
    '[2001:db8::1',
    '[[2001:db8::1]]',
    '[2001:db8::1]50123',
    `fe80::1%${'a'.repeat(100)}`,
  ])('does not exist for %j', (text) => expect(canonicalAddress(text)).toBeUndefined());
});

describe('the address of a caller', () => {
  it('is the one that the framework resolved', () => {
    expect(callerAddress({ ip: '203.0.113.7:1', socket: { remoteAddress: '127.0.0.1' } })).toBe('203.0.113.7');
  });

  it.each(['unknown', '_a1', '[::1', 'a, b'])('is the peer address if a proxy names %s', (ip) => {
    expect(callerAddress({ ip, socket: { remoteAddress: '::ffff:127.0.0.1' } })).toBe('127.0.0.1');
  });

  it('is the same for all callers without a peer address', () => {
    expect(callerAddress({ ip: 'a' })).toBe('unknown');
    expect(callerAddress({ socket: {} })).toBe('unknown');
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['::1', '::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['192.0.2.1:50123', '192.0.2.1'],
    ['[2001:db8:1:2::1]:50123', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
    ['anything else', 'unknown'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
