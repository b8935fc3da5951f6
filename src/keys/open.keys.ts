import { Database } from '../storage/database.js';
import { LocalPubSub } from '../storage/pubsub/local.pubsub.js';
import type { KeyLifetimes } from './keys.options.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/**
 * The keys of a database, opened in a separate process.
 *
 * @example
 * import type { OpenKeys } from 'rookery';
 *
 * async function revoke({ keys, close }: OpenKeys, id: string) {
 *   await keys.revoke(id, 'cli:ops');
 *   await close();
 * }
 */
export interface OpenKeys {
  /** Creates, lists, changes, rotates and revokes the keys. */
  readonly keys: KeysService;
  /** Closes the database. Call it once, at the end. */
  close(): Promise<void>;
}

/**
 * Opens the keys of a database for a command-line tool. A service may use the database at the same time: it applies
 * changes within a second.
 *
 * @param databaseUrl as `databaseUrl` of `AgentModuleOptions`.
 * @param lifetimes of new keys. Default: they have no limit.
 * @throws Error if the database cannot be opened.
 *
 * @example
 * import { openKeys } from 'rookery';
 *
 * const { keys, close } = await openKeys('file:./data/rookery.db');
 * const { key } = await keys.create({ name: 'CI', tenant: 'acme', scopes: ['chat'] }, 'cli:ops');
 * console.log(key);
 * await close();
 */
export async function openKeys(databaseUrl: string, lifetimes: KeyLifetimes = {}): Promise<OpenKeys> {
  const database = await Database.open(databaseUrl, { isTool: true });
  return {
    keys: new KeysService(new KeysRepository(database), new LocalPubSub(), {
      ttlDays: lifetimes.ttlDays,
      maxDays: lifetimes.maxDays,
    }),
    close: () => database.onApplicationShutdown(),
  };
}
