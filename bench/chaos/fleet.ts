import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('./app.mjs', import.meta.url));

export interface FleetOptions {
  readonly replicas: number;
  readonly env: Record<string, string>;
}

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** One process of the application, which comes back on the same port after each death. */
export class Member {
  output = '';
  readonly port: number;
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;

  constructor(port: number, env: Record<string, string>) {
    this.port = port;
    this.#env = env;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/api/v1/agent`;
  }

  async start(): Promise<void> {
    const env = { ...this.#env, PORT: String(this.port), PATH: process.env.PATH ?? '' };
    const child = spawn(process.execPath, [APP], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    children.add(child);
    let said = '';
    const listening = Promise.withResolvers<void>();
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      this.output = (this.output + data.toString()).slice(-20_000);
      if (said.includes('listening')) listening.resolve();
    });
    child.stderr.on('data', (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000)));
    child.once('exit', (code) => {
      children.delete(child);
      listening.reject(new Error(`The application ended with ${code} before it listened:\n${this.output}`));
    });
    await listening.promise;
  }

  /** Kills it at once, or asks it to end; resolves when it has. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

export async function startFleet({ replicas, env }: FleetOptions): Promise<Member[]> {
  const members: Member[] = [];
  for (let index = 0; index < replicas; index++) {
    const member = new Member(await freePort(), env);
    await member.start();
    members.push(member);
  }
  return members;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
