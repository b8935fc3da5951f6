import { Database } from '../storage/database.js';
import { LocalPubSub } from '../storage/local.pubsub.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/** The keys of a database, opened in a separate process. */
export interface OpenKeys {
  readonly keys: KeysService;
  close(): Promise<void>;
}

/**
 * Opens the keys of a database for a command-line tool. A service may use the database at the same time: it applies
 * changes within a second.
 *
 * @throws Error if the database cannot be opened.
 */
export async function openKeys(databaseUrl: string): Promise<OpenKeys> {
  const database = await Database.open(databaseUrl, { isTool: true });
  return {
    keys: new KeysService(new KeysRepository(database), new LocalPubSub()),
    close: () => database.onApplicationShutdown(),
  };
}
