import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CHILD_ENVIRONMENT } from '../service/child.environment.js';

const COMMAND = fileURLToPath(new URL('../../../dist/app/main.rookery.js', import.meta.url));

/** A person who talks to an agent with `rookery chat`. */
export class Talk {
  /** All that the command has written. */
  output = '';
  /** The exit code. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(words: readonly string[]) {
    this.#child = spawn(process.execPath, [COMMAND, 'chat', ...words], { env: CHILD_ENVIRONMENT });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
  }

  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ends the input, as Ctrl-D does. */
  end(): void {
    this.#child.stdin.end();
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
