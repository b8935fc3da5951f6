import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CHILD_ENVIRONMENT, SHORT_LIVED } from './child.environment.js';
import { Service } from './started.service.js';

const MAIN = fileURLToPath(new URL('../../../dist/app/main.js', import.meta.url));
const STOP_LIMIT_MS = 60_000;

/** A service that starts as in the image. A test may end its process, and start another one on the same folder. */
export class ServiceProcess extends Service {
  exited: Promise<number | null> = Promise.resolve(null);
  private child: ChildProcess | undefined;
  /** The process that was asked to end. */
  private asked: ChildProcess | undefined;
  private endHosted: (() => Promise<void>) | undefined;

  /** Resolves once the service listens. @throws Error with its output if it ends before. */
  async start(): Promise<void> {
    const linesBefore = this.logs.length;
    const child = spawn(process.execPath, [...SHORT_LIVED, MAIN], {
      cwd: this.folder,
      env: { ...CHILD_ENVIRONMENT, ...this.variables() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let hasEnded = false;
    this.exited = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    void this.exited.then(() => (hasEnded = true));
    createInterface(child.stdout).on('line', (line) => this.addLine(line));
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await this.listening(linesBefore, () => hasEnded);
    void this.exited.then(() => this.reportUnasked(child));
  }

  /** Sends the signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    if (this.endHosted) throw new Error('The service has no process of its own any more.');
    this.asked = this.child;
    this.child?.kill(signal);
  }

  /** Asks the service to end and returns its exit code; null if it had to be killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    const impatience = setTimeout(() => this.signal('SIGKILL'), STOP_LIMIT_MS);
    return this.exited.finally(() => clearTimeout(impatience));
  }

  async kill9(): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** Stops the process, and starts a new one on the same folder and database. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Starts a killed service again, but beside others in one process: this saves most of the CPU time of a start. */
  async startHosted(): Promise<void> {
    const { started, end } = this.beginHosted();
    this.endHosted = end;
    await started;
  }

  protected override async end(): Promise<void> {
    await (this.endHosted ? this.endHosted() : this.kill9());
  }

  /** A service that dies during a test makes many tests fail: this reports why. */
  private reportUnasked(child: ChildProcess): void {
    if (this.asked !== child) process.stderr.write(`The service ended unexpectedly:\n${this.output.slice(-3000)}\n`);
  }
}
