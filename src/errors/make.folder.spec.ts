import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make.folder.js';

const root = mkdtempSync(join(tmpdir(), 'rookery-make-folder-'));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

afterAll(() => rmSync(root, { recursive: true }));

describe('makeFolder', () => {
  it('creates the folders around it with the same permissions', () => {
    makeFolder(join(root, 'a', 'b'), 0o700);
    expect([join(root, 'a'), join(root, 'a', 'b')].map(modeOf)).toEqual([0o700, 0o700]);
  });

  it('leaves an existing folder as it is', () => {
    makeFolder(join(root, 'kept'), 0o750);
    makeFolder(join(root, 'kept'), 0o700);
    expect(modeOf(join(root, 'kept'))).toBe(0o750);
  });

  it('refuses the path of a file, and a path through a file', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow('EEXIST');
    expect(() => makeFolder(join(file, 'a', 'b'))).toThrow('ENOTDIR');
  });
});
