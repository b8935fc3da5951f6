import { createInterface, type Interface } from 'node:readline';
import { styleText } from 'node:util';

/** Could move the cursor, change colors or reverse text. Line breaks and tabs are harmless. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/** Lines that a person or a program writes, and text for them. */
export class Terminal {
  readonly #lines: string[] = [];
  #interface: Interface | undefined;
  #waiting: ((line: string | undefined) => void) | undefined;
  #hasEnded = false;
  #isAtLineStart = true;
  /** Is called on Ctrl-C. */
  onInterrupt: () => void = () => this.close();

  constructor(
    private readonly input: NodeJS.ReadableStream = process.stdin,
    private readonly output: NodeJS.WriteStream = process.stdout,
  ) {
    process.on('SIGINT', this.#interrupt);
  }

  /** Asks for a line. Resolves with undefined at the end of the input. */
  async ask(prompt: string): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#hasEnded) return line;
    this.#interface ??= this.#open();
    this.#interface.setPrompt(prompt);
    if (this.output.isTTY) {
      // Keeps text that was typed during the answer, with the cursor after it.
      this.#interface.prompt(true);
      this.#isAtLineStart = false;
    }
    return await new Promise((resolve) => (this.#waiting = resolve));
  }

  /** Ends a question without an answer. */
  abandon(): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.(undefined);
  }

  /** Writes a piece of an answer. */
  write(text: string): void {
    const safe = text.replace(CONTROLS, '');
    if (safe === '') return;
    this.output.write(safe);
    this.#isAtLineStart = safe.endsWith('\n');
  }

  /** Writes a line about the conversation, in a line of its own. */
  note(text: string): void {
    this.endLine();
    const safe = text.replace(CONTROLS, '');
    this.output.write(`${styleText('dim', safe, { stream: this.output })}\n`);
  }

  endLine(): void {
    if (!this.#isAtLineStart) this.output.write('\n');
    this.#isAtLineStart = true;
  }

  close(): void {
    process.off('SIGINT', this.#interrupt);
    this.#hasEnded = true;
    this.#interface?.close();
    this.endLine();
  }

  readonly #interrupt = (): void => this.onInterrupt();

  /** Reads the input from now on. */
  #open(): Interface {
    const { input, output } = this;
    const terminal = process.stdin.isTTY && output.isTTY;
    const lines = createInterface({ input, output: terminal ? output : undefined, terminal });
    lines.on('line', (line) => this.#take(line));
    lines.on('close', () => this.#take(undefined));
    // In its raw mode, a terminal sends a key in place of the signal.
    lines.on('SIGINT', () => this.onInterrupt());
    return lines;
  }

  #take(line: string | undefined): void {
    if (line === undefined) this.#hasEnded = true;
    else this.#isAtLineStart = true;
    const resolve = this.#waiting;
    this.#waiting = undefined;
    if (resolve) resolve(line);
    else if (line !== undefined) this.#lines.push(line);
  }
}
