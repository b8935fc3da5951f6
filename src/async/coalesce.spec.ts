import { Gate } from '../../test/support/until.js';
import { coalesce } from './coalesce.js';

it('runs once more after the calls during a run, and again after a later call', async () => {
  const gates = Array.from({ length: 4 }, () => new Gate());
  let begun = 0;
  const call = coalesce(() => gates[begun++]?.opened ?? Promise.resolve());
  const turn = (): Promise<void> => new Promise(setImmediate);
  for (let index = 0; index < 5; index++) call();
  expect(begun).toBe(1);
  gates[0]?.open();
  await turn();
  expect(begun).toBe(2);
  gates[1]?.open();
  await turn();
  expect(begun).toBe(2);
  call();
  expect(begun).toBe(3);
});
