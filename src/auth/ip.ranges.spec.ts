import { IpRanges, isIpRange } from './ip.ranges.js';

describe('an IP range', () => {
  it.each(['203.0.113.7', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::1', '::/0'])('may be %s', (text) => {
    expect(isIpRange(text)).toBe(true);
  });

  it.each([
    '',
    'host',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '::1/129',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    '1.2.3.4/8/9',
  ])('cannot be %j', (text) => expect(isIpRange(text)).toBe(false));

  it('includes the addresses of its network only', () => {
    const ranges = new IpRanges(['10.0.0.0/8', '203.0.113.7', '2001:db8::/32']);
    for (const address of ['10.255.0.1', '203.0.113.7', '2001:db8:1::7']) expect(ranges.includes(address)).toBe(true);
    for (const address of ['11.0.0.1', '203.0.113.8', '2001:db9::1', '::1', 'unknown', '']) {
      expect(ranges.includes(address)).toBe(false);
    }
  });
});
