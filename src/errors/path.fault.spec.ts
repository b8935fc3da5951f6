import { resolve } from 'node:path';
import { pathFault } from './path.fault.js';

describe('pathFault', () => {
  it.each([
    ['folder', 'ENOENT', `the folder ${resolve('x')} does not exist`],
    ['folder', 'ENOTDIR', `${resolve('x')} is not a folder`],
    ['file', 'ENOTDIR', `a part of the path ${resolve('x')} is not a folder`],
    ['file', 'EISDIR', `${resolve('x')} is a folder, not a file`],
    ['file', 'EACCES', `the user of this process may not use the file ${resolve('x')}`],
    ['file', 'EIO', `the file ${resolve('x')} cannot be used: broken`],
  ] as const)('names the absolute path of a %s, for %s', (kind, code, text) => {
    expect(pathFault(kind, 'x', Object.assign(new Error('broken'), { code }))).toBe(text);
  });
});
