import { isTrustedNetwork, trustOf } from './trusted.proxies.js';

describe('an entry of TRUST_PROXY', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.0/8',
    '10.0.0.0/32',
    '::1',
    'fd00::/8',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.1',
  ])('is %s', (text) => expect(isTrustedNetwork(text)).toBe(true));

  it.each([
    '',
    'proxy',
    'loopback',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1:80',
    '[::1]',
    '::1/129',
    '::ffff:10.0.0.0/129',
    // Networks of all addresses.
    '0.0.0.0/0',
    '::/0',
    '::ffff:0.0.0.0/96',
  ])('is not %j', (text) => expect(isTrustedNetwork(text)).toBe(false));
});

describe('a peer', () => {
  const isTrusted = trustOf(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'fe80::1%eth0', '::ffff:172.16.0.0/108']);

  it.each([
    '127.0.0.1',
    '127.0.0.1:4711',
    '::ffff:127.0.0.1',
    '[::ffff:127.0.0.1]:4711',
    '10.255.0.1',
    '172.31.0.1',
    'fd00::1',
    '[FD00::1]',
    '[fd00::1]:4711',
    'fe80::1%eth0',
    '[fe80::1%eth0]:4711',
  ])('is a proxy at %s', (address) => expect(isTrusted(address, 0)).toBe(true));

  it.each([
    undefined,
    '',
    'unknown',
    '127.0.0.2',
    '11.0.0.1',
    '172.32.0.1',
    '::1',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth1',
  ])('is not a proxy at %s', (address) => expect(isTrusted(address, 0)).toBe(false));

  it('is not a proxy behind 64 others', () => {
    expect(isTrusted('127.0.0.1', 63)).toBe(true);
    expect(isTrusted('127.0.0.1', 64)).toBe(false);
  });
});
