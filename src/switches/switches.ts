import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { loggedCause } from '../storage/database.unavailable.js';
import type { SwitchTable } from '../storage/tables/switch.schema.js';
import type { SwitchKey } from './switch.js';
import { SwitchesRepository } from './switches.repository.js';

/** The topic on which replicas announce changes. */
const TOPIC = 'switches';
/** Finds changes whose message was lost. */
const POLL_INTERVAL_MS = 1000;

/** Names of stopped roles and tenants. */
export interface StoppedNames {
  readonly roles: readonly string[];
  readonly tenants: readonly string[];
}

/** Knows in memory what operators have stopped, so that runs need no query. Changes arrive within a second. */
@Injectable()
export class Switches implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(Switches.name);
  #stopped: ReadonlyMap<string, SwitchTable> = new Map();
  #unsubscribes: readonly (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isEnded = false;
  #loading: Promise<void> | undefined;
  #isLoadRequested = false;

  constructor(
    private readonly switches: SwitchesRepository,
    private readonly pubsub: PubSub,
  ) {}

  /** @throws Error if the database does not answer. */
  async onModuleInit(): Promise<void> {
    await this.#load();
    this.#unsubscribes = [
      this.pubsub.subscribe(TOPIC, () => void this.reload()),
      this.pubsub.onReconnect(() => void this.reload()),
    ];
    // Without other replicas, all changes are made here.
    if (this.pubsub.isShared) this.#timer = setInterval(() => void this.reload(), POLL_INTERVAL_MS);
  }

  onApplicationShutdown(): void {
    this.#isEnded = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
  }

  /** Announces a change on all replicas. Resolves when this one knows it. */
  async announce(): Promise<void> {
    this.pubsub.publish(TOPIC, '');
    await this.reload();
  }

  /** Reads what is stopped. If the database does not answer, it keeps the last state and tries again in a second. */
  reload(): Promise<void> {
    this.#isLoadRequested = true;
    return (this.#loading ??= this.#reload().finally(() => (this.#loading = undefined)));
  }

  /** The sentence about a stopped role, tool or tenant; undefined: it is not stopped. */
  refusalOf(kind: SwitchKey['kind'], name: string): string | undefined {
    const stopped = this.#stopped.get(keyOf({ kind, name }));
    if (stopped === undefined) return undefined;
    const { reason } = stopped;
    const subject = kind === 'tool' ? name : `The ${kind === 'role' ? 'agent' : 'tenant'} "${name}"`;
    return `${subject} is stopped by the operator${reason === null ? '.' : `: ${reason}`}`;
  }

  /** The same for a tenant or, if it is not stopped, for the role. */
  refusalOfRun({ tenant, agent_role }: { readonly tenant: string; readonly agent_role: string }): string | undefined {
    return this.refusalOf('tenant', tenant) ?? this.refusalOf('role', agent_role);
  }

  /** @throws AgentError `stopped` if the tenant, or the role if given, is stopped. */
  assertRunning(tenant: string, role?: string): void {
    const byRole = role === undefined ? undefined : this.refusalOf('role', role);
    const detail = this.refusalOf('tenant', tenant) ?? byRole;
    if (detail !== undefined) throw new AgentError('stopped', { detail });
  }

  /** The stopped roles and tenants; undefined if all run. */
  get names(): StoppedNames | undefined {
    const all = [...this.#stopped.values()];
    const named = (wanted: SwitchKey['kind']) => all.flatMap(({ kind, name }) => (kind === wanted ? [name] : []));
    const [roles, tenants] = [named('role'), named('tenant')];
    return roles.length + tenants.length > 0 ? { roles, tenants } : undefined;
  }

  /** A change during a load causes another one. */
  async #reload(): Promise<void> {
    try {
      while (this.#isLoadRequested) {
        this.#isLoadRequested = false;
        await this.#load();
      }
    } catch (cause) {
      this.#logger.debug({ ...loggedCause(cause), msg: 'the switches could not be read; trying again' });
      clearTimeout(this.#retry);
      if (!this.#isEnded) this.#retry = setTimeout(() => void this.reload(), POLL_INTERVAL_MS).unref();
    }
  }

  async #load(): Promise<void> {
    this.#stopped = new Map((await this.switches.list()).map((row) => [keyOf(row), row]));
  }
}

function keyOf({ kind, name }: SwitchKey): string {
  return `${kind}:${name}`;
}
