import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/support/until.js';
import { LogDestination } from './log.destination.js';

/** More than a pipe takes at once. */
const LONG_LINE = `${'x'.repeat(200_000)}\n`;
const folder = mkdtempSync(join(tmpdir(), 'rookery-log-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the text that the pipe holds. */
function textIn(pipe: number, bytes: Buffer): string {
  try {
    return bytes.toString('latin1', 0, readSync(pipe, bytes));
  } catch {
    return '';
  }
}

describe('the destination of the log', () => {
  it('writes a line that arrived while it waited for a slow reader', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const destination = new LogDestination(writer);
    destination.write(LONG_LINE);
    destination.write('late\n');

    const bytes = Buffer.alloc(65_536);
    let text = '';
    await until('the line is written', () => {
      text += textIn(reader, bytes);
      return text.endsWith('late\n');
    });
    expect(text).toBe(`${LONG_LINE}late\n`);
    closeSync(writer);
    closeSync(reader);
  });
});
