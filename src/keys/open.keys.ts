import { Database } from '../storage/database.js';
import { LocalBroadcast } from '../storage/local.broadcast.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/** The keys of a database, opened beside the service that serves it. */
export interface OpenKeys {
  readonly keys: KeysService;
  close(): Promise<void>;
}

/**
 * Opens the keys of a database for a command-line tool; a service may run on it meanwhile, and heeds what is changed
 * within a second.
 *
 * @throws Error when the database cannot be opened.
 */
export async function openKeys(databaseUrl: string): Promise<OpenKeys> {
  const database = await Database.open(databaseUrl, { isTool: true });
  return {
    keys: new KeysService(new KeysRepository(database), new LocalBroadcast()),
    close: () => database.onApplicationShutdown(),
  };
}
