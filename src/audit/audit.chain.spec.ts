import { verifyChain } from './audit.chain.js';
import { type AuditEntry, hashOf, NO_HASH, withHash } from './audit.entry.js';

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    entries.push(
      withHash({
        sequence,
        at: '2026-01-02T03:04:05.678Z',
        tenant: 'acme',
        actor: 'key:1',
        subject: null,
        action: 'key.created',
        target: 'key:2',
        details: { name: 'wéb', scopes: ['chat'] },
        request_id: null,
        previous_hash: entries.at(-1)?.hash ?? NO_HASH,
      }),
    );
  }
  return entries;
}

async function* of(entries: readonly unknown[]): AsyncGenerator {
  yield* entries;
}

describe('verifyChain', () => {
  it('hashes JSON with sorted names and no spaces, so that other tools can verify it', () => {
    // printf '{"a":[{"x":1,"y":"é"}],"b":null}' | sha256sum
    expect(hashOf({ b: null, hash: 'any', a: [{ y: 'é', x: 1 }] })).toBe(
      '8940ca455276106f2ac4525dd9d17c4229bd10f3a023470abbed066b52bd690c',
    );
  });

  it('accepts a partial chain if the caller allows it', async () => {
    const part = chain(5).slice(2);
    expect(await verifyChain(of(part), { isComplete: false })).toMatchObject({ entries: 3, first: 3 });
    expect((await verifyChain(of(part))).broken?.sequence).toBe(1);
    const [, before] = chain(5);
    const anchor = { sequence: 2, hash: before?.hash ?? '' };
    expect((await verifyChain(of(part), { isComplete: false, anchor })).broken).toBeUndefined();
    const other = { sequence: 2, hash: NO_HASH };
    expect((await verifyChain(of(part), { isComplete: false, anchor: other })).broken?.sequence).toBe(3);
  });

  it.each([
    ['an object that is not an entry', {}],
    ['a string', 'text'],
    ['a value that is not JSON', undefined],
    ['a sequence that is not a number', { ...chain(1)[0], sequence: '1' }],
    ['a hash that is not a string', { ...chain(1)[0], hash: 1 }],
    ['an additional field', { ...chain(1)[0], more: 1 }],
  ])('rejects %s', async (_, entry) => {
    expect((await verifyChain(of([entry]))).broken?.sequence).toBe(1);
  });

  it('reports an empty chain as valid', async () => {
    expect(await verifyChain(of([]))).toEqual({ entries: 0, first: undefined, head: undefined, broken: undefined });
  });
});
