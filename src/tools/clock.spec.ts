import { timeIn } from './clock.js';
import { ToolError } from '../index.js';

const NOW = new Date('2026-11-23T02:04:05.678Z');

describe('timeIn', () => {
  it('returns UTC by default', () => {
    const utc = { time: '2026-11-23T02:04:05+00:00', timezone: 'UTC', weekday: 'Monday' };
    expect(timeIn(undefined, NOW)).toEqual(utc);
    expect(timeIn(' ', NOW)).toEqual(utc);
  });

  it.each([
    ['Europe/Berlin', '2026-11-23T03:04:05+01:00', 'Europe/Berlin', 'Monday'],
    ['europe/berlin', '2026-11-23T03:04:05+01:00', 'Europe/Berlin', 'Monday'],
    ['America/New_York', '2026-11-22T21:04:05-05:00', 'America/New_York', 'Sunday'],
    ['Pacific/Chatham', '2026-11-23T15:49:05+13:45', 'Pacific/Chatham', 'Monday'],
    ['+02:00', '2026-11-23T04:04:05+02:00', '+02:00', 'Monday'],
  ])('returns the time of %s', (asked, time, timezone, weekday) => {
    expect(timeIn(asked, NOW)).toEqual({ time, timezone, weekday });
  });

  it('handles daylight saving time, and writes midnight as 00', () => {
    expect(timeIn('Europe/Berlin', new Date('2026-07-01T22:00:00Z')).time).toBe('2026-07-02T00:00:00+02:00');
  });

  it('returns a time that parses to the same instant', () => {
    for (const timezone of Intl.supportedValuesOf('timeZone')) {
      expect(new Date(timeIn(timezone, NOW).time).getTime()).toBe(NOW.getTime() - 678);
    }
  });

  it('uses the clock of the machine', () => {
    expect(Math.abs(new Date(timeIn().time).getTime() - Date.now())).toBeLessThan(2000);
  });

  it.each([
    ['Berlin', 'Did you mean Europe/Berlin?'],
    ['new york', 'Did you mean America/New_York?'],
    ['Europe/Sao Paulo', 'Did you mean America/Sao_Paulo?'],
    ['Middle/Earth', 'Give an IANA name such as Europe/Berlin'],
    ['UTC+2', 'an offset such as +02:00'],
    ["'; drop table", 'Give an IANA name'],
    ['x'.repeat(100_000), 'The time zone "xxx'],
  ])('rejects %.20s with a hint', (asked, sentence) => {
    expect(() => timeIn(asked, NOW)).toThrow(ToolError);
    expect(() => timeIn(asked, NOW)).toThrow(sentence);
    expect(() => timeIn(asked, NOW)).not.toThrow('x'.repeat(80));
  });
});
