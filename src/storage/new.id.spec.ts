import { newId } from './new.id.js';

describe('ids', () => {
  it('have the order of their calls, also within a millisecond', () => {
    const ids = Array.from({ length: 5000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
  });
});
