import { importOptional } from './optional.package.js';

describe('an optional package', () => {
  const missing = 'a-package-that-is-not-there';

  it('is named with its command if it is missing', async () => {
    await expect(importOptional(missing, 'A Redis URL', () => import(missing))).rejects.toThrow(
      `A Redis URL needs the package ${missing}. Install it: npm install ${missing}`,
    );
  });

  it('passes on its own failure', async () => {
    const failing = () => Promise.reject(new Error('on purpose'));
    await expect(importOptional('x', 'A Redis URL', failing)).rejects.toThrow('on purpose');
  });

  it('is not named if another package is missing', async () => {
    await expect(importOptional('pg', 'A Redis URL', () => import(missing))).rejects.toThrow(missing);
    await expect(importOptional('pg', 'A Redis URL', () => import(missing))).rejects.not.toThrow('needs the package');
  });
});
