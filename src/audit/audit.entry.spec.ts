import { type AuditDetails, toEntry, toRow, withHash } from './audit.entry.js';

const DETAILS: AuditDetails = { name: 'key', scopes: ['chat'], messages: 2, isWhole: true };

const ROW = toRow(
  withHash({
    sequence: 1,
    at: '2026-01-31T00:00:00.000Z',
    tenant: 'default',
    actor: 'key:a',
    subject: null,
    action: 'key.created',
    target: 'key:b',
    details: DETAILS,
    request_id: null,
    previous_hash: '0',
  }),
);

const read = (details: unknown): AuditDetails => toEntry({ ...ROW, details: JSON.stringify(details) }).details;

describe('the details of an audit entry', () => {
  it('are read with names of any release', () => {
    expect(read(DETAILS)).toEqual(DETAILS);
    expect(read({})).toEqual({});
    for (const details of [{ a: {} }, { a: null }, { a: [1] }]) expect(read(details)).toEqual(details);
  });

  it.each(['wrong', null, [], 7])('are refused if they are not an object: %j', (details) => {
    expect(() => read(details)).toThrow('A value in audit_entries.details cannot be read');
  });
});
