import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/servers/free.port.ts';

/** The application as it is. */
export const APP = fileURLToPath(new URL('./app.mjs', import.meta.url));

/** Start options of the application; an undefined option has the application's default. */
export interface MemberOptions {
  /** The file that starts the application; undefined: the application as it is. */
  readonly app?: string | undefined;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** The base URL of the ledger: the simulated provider and the record of the tools' effects. */
  readonly modelUrl: string;
  readonly concurrency: number;
  readonly role?: 'all' | 'http' | 'worker';
  readonly auth?: 'api-key' | undefined;
  /** Folder of the CPU profile; undefined: no profile. */
  readonly profileFolder?: string | undefined;
}

export interface FleetOptions extends MemberOptions {
  readonly replicas: number;
}

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** One process of the application, which restarts on the same port after each death. */
export class Member {
  output = '';
  /** The value of `owner` in the rows of its runs. */
  replicaId = '';
  readonly port: number;
  readonly #options: MemberOptions;
  #child: ChildProcess | undefined;

  private constructor(port: number, options: MemberOptions) {
    this.port = port;
    this.#options = options;
  }

  static async start(options: MemberOptions): Promise<Member> {
    const member = new Member(await freePort(), options);
    await member.start();
    return member;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `${this.origin}/api/v1/agent`;
  }

  async start(): Promise<void> {
    const env = { ...environment(this.#options), PORT: String(this.port) };
    const { app = APP, profileFolder } = this.#options;
    const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const child = spawn(process.execPath, [...flags, app], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    children.add(child);
    let said = '';
    const listening = Promise.withResolvers<void>();
    child.stdout.on('data', (data: Buffer) => {
      this.output = (this.output + data.toString()).slice(-20_000);
      said += data.toString();
      const [, replicaId] = /listening as (\S+)\n/.exec(said) ?? [];
      if (replicaId === undefined) return;
      this.replicaId = replicaId;
      listening.resolve();
    });
    child.stderr.on('data', (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000)));
    child.once('exit', (code) => {
      children.delete(child);
      listening.reject(new Error(`The application ended with ${code} before it listened:\n${this.output}`));
    });
    await listening.promise;
  }

  /** Kills the process or asks it to end; resolves once it has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** Starts at least one process. */
export async function startFleet({ replicas, ...options }: FleetOptions): Promise<[Member, ...Member[]]> {
  const members: [Member, ...Member[]] = [await Member.start(options)];
  while (members.length < replicas) members.push(await Member.start(options));
  return members;
}

/** Returns the members in turn. */
export function memberOf(members: readonly Member[], index: number): Member {
  const member = members[index % members.length];
  if (!member) throw new Error('The cluster has no process.');
  return member;
}

function environment({
  databaseUrl,
  redisUrl,
  modelUrl,
  concurrency,
  role,
  auth,
}: MemberOptions): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    LEDGER_URL: modelUrl,
    DATABASE_URL: databaseUrl,
    CONCURRENCY: String(concurrency),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...(role === undefined ? {} : { ROLE: role }),
    ...(auth === undefined ? {} : { AUTH: auth }),
  };
}
