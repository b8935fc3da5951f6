import type { AgentsModuleOptions } from '../../../src/agents/agents.options.js';
import { Database, type OpenOptions } from '../../../src/storage/database.js';
import { LocalPubSub } from '../../../src/storage/pubsub/local.pubsub.js';
import type { RunTable } from '../../../src/storage/schema.js';
import { Switches } from '../../../src/switches/switches.js';
import { SwitchesRepository } from '../../../src/switches/switches.repository.js';
import type { Store, TestDatabase } from './stores.js';

/** The databases of a test, or of a file, on one store; closes and removes them at its end. */
export class Databases {
  readonly #created: TestDatabase[] = [];
  readonly #opened: Database[] = [];

  constructor(private readonly store: Store) {}

  async newUrl(): Promise<string> {
    const created = await this.store.create();
    this.#created.push(created);
    return created.databaseUrl;
  }

  async open(url?: string, options: OpenOptions = {}): Promise<Database> {
    const database = await Database.open(url ?? (await this.newUrl()), options);
    this.#opened.push(database);
    return database;
  }

  /** Closes and removes all. */
  async remove(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((database) => database.onApplicationShutdown()));
    await Promise.all(this.#created.splice(0).map((created) => created.drop()));
  }
}

/** The switches of a replica that nobody has stopped anything on. */
export function switchesOf(database: Database): Switches {
  return new Switches(new SwitchesRepository(database), new LocalPubSub());
}

/** The options of agents of a replica that has these versions. */
export function agentsWith(...versions: readonly string[]): AgentsModuleOptions {
  return {
    defaultModel: 'm',
    modelNames: undefined,
    globalEnhancersOnTools: true,
    versions: Object.fromEntries(versions.entries()),
  };
}

/** A finished run that holds no resources. */
export function runRow(id: string): RunTable {
  return {
    run_id: id,
    tenant: 'default',
    session_id: 's',
    agent_role: 'assistant',
    kind: 'chat',
    status: 'completed',
    attempt: 1,
    crashes: 0,
    blamed_at: null,
    owner: null,
    holds_session: 0,
    caller: 'host',
    end_user: null,
    scopes: '',
    request_id: `request-${id}`,
    request: null,
    metadata: null,
    model: 'offline',
    input_tokens: 1,
    output_tokens: 1,
    cached_tokens: 0,
    reasoning_tokens: 0,
    cost: 0,
    error: null,
    timeline: null,
    outcome: null,
    cancel_reason: null,
    webhook_url: null,
    created_at: 1,
    started_at: 1,
    claimed_at: 1,
    spent_ms: 0,
    finished_at: 2,
    release: null,
    releases: null,
    has_events: null,
    not_before: null,
    failures: null,
    has_effects: null,
    effect_key: null,
    retry_of: null,
    agent_version: null,
    response: null,
  };
}

export function insertRun(database: Database, id: string): Promise<void> {
  return database.write(async (transaction) => {
    await transaction.insertInto('runs').values(runRow(id)).execute();
  });
}

export async function runIds(database: Database): Promise<string[]> {
  const rows = await database.query.selectFrom('runs').select('run_id').orderBy('run_id').execute();
  return rows.map(({ run_id }) => run_id);
}
