import { HostRefusalLog } from './host.check.js';

describe('HostRefusalLog', () => {
  const HOUR_MS = 3_600_000;
  let time: number;
  let hosts: unknown[];
  let log: HostRefusalLog;

  beforeEach(() => {
    time = 0;
    hosts = [];
    log = new HostRefusalLog({ warn: ({ host }: { host: string }) => void hosts.push(host) }, () => time);
  });

  it('logs each host once per hour', () => {
    for (const host of ['a', 'b', 'a', 'b']) log.add({ host, detail: '' });
    time = HOUR_MS - 1;
    log.add({ host: 'a', detail: '' });
    expect(hosts).toEqual(['a', 'b']);

    time = HOUR_MS;
    for (const host of ['a', 'a', 'b']) log.add({ host, detail: '' });
    expect(hosts).toEqual(['a', 'b', 'a', 'b']);
  });

  it('logs at most 100 hosts per hour', () => {
    for (let n = 0; n < 1000; n++) log.add({ host: `h${n}`, detail: '' });
    expect(hosts).toHaveLength(100);

    time = HOUR_MS;
    log.add({ host: 'again', detail: '' });
    expect(hosts.at(-1)).toBe('again');
  });

  it('logs no host that is not valid in the setting', () => {
    log.add({ detail: 'The request has no Host header.' });
    expect(hosts).toEqual([]);
  });
});
