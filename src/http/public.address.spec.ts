import { msOf } from '../../test/support/time.js';
import { bareHost, isPublicAddress, isPublicName } from './public.address.js';

describe('the addresses of webhooks', () => {
  it.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '10.255.255.255'],
    ['carrier NAT', '100.64.0.1'],
    ['carrier NAT', '100.127.255.255'],
    ['Alibaba metadata', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local', '169.254.0.1'],
    ['metadata', '169.254.169.254'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['Oracle metadata', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['6to4 relay', '192.88.99.1'],
    ['private', '192.168.1.1'],
    ['benchmark', '198.18.0.1'],
    ['benchmark', '198.19.255.255'],
    ['documentation', '198.51.100.7'],
    ['documentation', '203.0.113.7'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['Azure services', '168.63.129.16'],
    ['AS112 name server', '192.31.196.1'],
    ['AS112 name server', '192.175.48.1'],
    ['multicast relay', '192.52.193.1'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped', '::ffff:7f00:1'],
    ['mapped, though public', '::ffff:8.8.8.8'],
    ['compatible', '::127.0.0.1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard', '100::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['benchmark', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['6to4 of 127.0.0.1', '2002:7f00:1::'],
    ['6to4 of 10.0.0.1', '2002:a00:1::1'],
    ['AS112 name server', '2620:4f:8000::1'],
    ['segment routing', '5f00::1'],
    ['not assigned', '4000::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd12:3456::1'],
    ['AWS metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local of an interface', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['none', ''],
    ['none', 'example.com'],
    ['not the usual form', '127.1'],
  ])('refuse %s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
  ])('let %s pass', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'localhost',
    'redis',
    'com',
    '',
    'app.localhost',
    'localhost.localdomain',
    'printer.local',
    'metadata.google.internal',
    'internal',
    'router.home.arpa',
  ])('refuse the name %s', (name) => {
    expect(isPublicName(name)).toBe(false);
  });

  it.each(['example.com', 'example.notlocalhost', 'localhost.example.com', 'internal.example.com'])(
    'let the name %s pass',
    (name) => {
      expect(isPublicName(name)).toBe(true);
    },
  );
});

describe('bareHost', () => {
  it.each([
    ['[::1]', '::1'],
    ['example.com', 'example.com'],
    ['example.com..', 'example.com'],
    ['a..b', 'a..b'],
    ['...', ''],
  ])('turns %s into %j', (hostname, bare) => expect(bareHost(hostname)).toBe(bare));

  it('takes linear time for dots in the middle', () => {
    expect(msOf(() => bareHost(`a${'.'.repeat(200_000)}b`))).toBeLessThan(5000);
  });
});
