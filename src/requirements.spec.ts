import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requirementFault } from './requirements.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** The Node of the system, which may be older than ours. */
const SYSTEM_NODE = '/usr/bin/node';

const run = promisify(execFile);
const version = existsSync(SYSTEM_NODE)
  ? (await run(SYSTEM_NODE, ['-p', 'process.versions.node'])).stdout.trim()
  : '24.9';

describe('the requirements', () => {
  it.each([
    ['20.20.2', '12.5.1', 'Rookery needs Node 24.9 or newer, this is 20.20.2. Install it from https://nodejs.org.'],
    ['24.8.0', undefined, 'Rookery needs Node 24.9 or newer, this is 24.8.0. Install it from https://nodejs.org.'],
    [
      '24.9.0',
      '11.1.9',
      'Rookery needs Nest 12.5 or newer, this is 11.1.9. Upgrade with: npm install @nestjs/common@12 @nestjs/core@12',
    ],
    ['24.9.0', '12.5.0', undefined],
    ['25.0.0', '13.0.0', undefined],
    ['24.21.0', undefined, undefined],
  ])('name what is too old: Node %s with Nest %s', (node, nest, message) => {
    expect(requirementFault(node, nest)).toBe(message);
  });

  const isOld = requirementFault(version, undefined) !== undefined;

  (isOld ? it : it.skip).each(['index', 'testing/index', 'rpc/index', 'websocket/index', 'models/ai-sdk/index'])(
    'are named by an older Node that loads %s',
    async (entry) => {
      const code = `import('${ROOT}dist/${entry}.js').catch(({ message }) => console.log(message));`;
      const { stdout } = await run(SYSTEM_NODE, ['-e', code]);
      expect(stdout).toContain(`Rookery needs Node 24.9 or newer, this is ${version}.`);
    },
  );

  it('do not hold for the client and its module, which applications with an older Node use', async () => {
    const code = ['client', 'client/nest'].map((name) => `await import('${ROOT}dist/${name}/index.js');`).join('');
    expect(await run(SYSTEM_NODE, ['--input-type=module', '-e', code])).toEqual({ stdout: '', stderr: '' });
  });
});
