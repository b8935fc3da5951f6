import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { object, string, type Json } from '../json.js';
import { until } from '../until.js';
import { CHILD_ENVIRONMENT, type Settings, SHORT_LIVED } from './child.environment.js';

const SCRIPT = fileURLToPath(new URL('./service.host.mjs', import.meta.url));
/** Then another process takes its place, because what services leave behind takes memory. */
const MAX_STARTS = 40;
const STOP_LIMIT_MS = 60_000;

/** Hears of a service. */
export interface ServiceListener {
  onLine: (line: string) => void;
  /** Its process has written something beside the log, for any of its services. */
  onOutput: (text: string) => void;
  /** Its start has failed, or its process has ended. */
  onEnd: () => void;
}

/** A process that runs services beside each other. Each Jest worker has one, which keeps their compiled code. */
export class ServiceHost {
  static #current: ServiceHost | undefined;

  readonly #child = fork(SCRIPT, {
    env: CHILD_ENVIRONMENT,
    execArgv: SHORT_LIVED,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  readonly #running = new Map<number, ServiceListener>();
  /** Its own output, without the logs of its services. */
  #output = '';
  #starts = 0;
  /** The change that a service has made to it, or the reason of its end. */
  #fault = '';
  /** A failed start may have left something behind. */
  #isSpent = false;

  private constructor() {
    const { stdout, stderr } = this.#child;
    this.#child.on('message', (message) => this.#hear(object(message)));
    this.#child.once('close', () => this.#close());
    // It may end before it has got a message.
    this.#child.on('error', (error) => (this.#fault = error.message));
    for (const output of [stdout, stderr]) output?.on('data', (chunk: Buffer) => this.#spread(chunk.toString()));
    // It ends with the worker, and does not delay that.
    this.#child.unref();
    this.#child.channel?.unref();
    for (const output of [stdout, stderr]) if (output instanceof Socket) output.unref();
  }

  /** Returns the process for the next service. */
  static forNext(): ServiceHost {
    const current = ServiceHost.#current;
    if (current !== undefined && current.#isFit) return current;
    ServiceHost.#current = new ServiceHost();
    if (current !== undefined) current.#endIfIdle();
    return ServiceHost.#current;
  }

  get #isFit(): boolean {
    return this.#child.connected && this.#fault === '' && !this.#isSpent && this.#starts < MAX_STARTS;
  }

  /** Starts a service, and returns its number in this process. */
  start(variables: Settings, listener: ServiceListener): number {
    this.#starts += 1;
    this.#running.set(this.#starts, listener);
    this.#child.send({ id: this.#starts, variables });
    return this.#starts;
  }

  /** @throws Error if the service has changed its process, and so the services after it. */
  async stop(id: number): Promise<void> {
    if (this.#running.has(id)) {
      this.#child.send({ id });
      await until('the service has stopped', () => !this.#running.has(id), STOP_LIMIT_MS);
    }
    if (ServiceHost.#current !== this) this.#endIfIdle();
    if (this.#fault !== '') throw new Error(this.#fault);
  }

  #hear({ id, event, text }: Json): void {
    const service = this.#running.get(Number(id));
    if (event === 'log') {
      for (const line of string(text).trimEnd().split('\n')) service?.onLine(line);
      return;
    }
    if (event === 'stopped') this.#fault ||= string(text);
    if (event === 'failed') {
      this.#isSpent = true;
      service?.onOutput(`${string(text)}\n`);
    }
    if (event === 'failed' || event === 'stopped') {
      this.#running.delete(Number(id));
      service?.onEnd();
    }
  }

  /** Nobody knows which service has caused the output. */
  #spread(text: string): void {
    this.#output += text;
    for (const { onOutput } of this.#running.values()) onOutput(text);
  }

  #close(): void {
    if (this.#running.size > 0) this.#fault ||= `The process of the services has ended:\n${this.#output.slice(-3000)}`;
    for (const { onEnd } of this.#running.values()) onEnd();
    this.#running.clear();
  }

  #endIfIdle(): void {
    if (this.#running.size === 0 && this.#child.connected) this.#child.disconnect();
  }
}
