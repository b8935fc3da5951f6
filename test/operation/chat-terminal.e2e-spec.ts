import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Upstream } from '../support/servers/upstream.js';
import { CHILD_ENVIRONMENT } from '../support/service/child.environment.js';
import { modelAt, removeServices, startService } from '../support/service/service.js';
import { until } from '../support/until.js';

const SCRIPT = '/usr/bin/script';
const COMMAND = fileURLToPath(new URL('../../dist/app/main.rookery.js', import.meta.url));
const LIMIT_MS = 60_000;
const [CTRL_C, CTRL_D, BACKSPACE] = ['\u0003', '\u0004', '\u007f'];

const upstream = await Upstream.start();
const service = await startService({ ...modelAt(upstream), MODEL_API: 'chat' });

afterAll(async () => {
  await removeServices();
  await upstream.close();
});

const itOnTerminal = existsSync(SCRIPT) ? it : it.skip;

describe('rookery chat on a terminal', () => {
  itOnTerminal('keeps what is typed during an answer, and ends in a line of its own', async () => {
    const gate = Promise.withResolvers<undefined>();
    upstream.next({ does: 'reply', text: 'Once upon a time', hold: { afterDeltas: 1, until: gate.promise } });
    upstream.next({ does: 'reply', text: 'Over.' });
    const command = `exec ${process.execPath} ${COMMAND} chat --url ${service.url}`;
    const terminal = spawn(SCRIPT, ['-qfec', command, '/dev/null'], { env: CHILD_ENVIRONMENT });
    const ended = once(terminal, 'close');
    let output = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const press = async (keys: string, shown: RegExp): Promise<void> => {
      output = '';
      terminal.stdin.write(keys);
      await until(`the terminal shows ${String(shown)}`, () => shown.test(output), LIMIT_MS);
    };
    await until('the prompt', () => output.includes('> '), LIMIT_MS);

    await press('Tell me 日本\r', /Once/);
    await press('x', /x/);
    await press(CTRL_C, /Cancelling …[^]*Cancelled: [^]*> x/);
    await press(`${BACKSPACE}Again\r`, /Over\.[^]*> /);
    gate.resolve(undefined);
    terminal.stdin.write(CTRL_D);

    expect(await ended).toEqual([0, null]);
    expect(output).toMatch(/\r\n$/);
    expect(upstream.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['Tell me 日本', 'Again']);
  });
});
