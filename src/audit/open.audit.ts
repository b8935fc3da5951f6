import { Database } from '../storage/database.js';
import { AuditService } from './audit.service.js';

/**
 * The audit of a database, opened in a separate process.
 *
 * @example
 * import type { OpenAudit } from 'rookery';
 *
 * async function verify({ audit, close }: OpenAudit) {
 *   const { broken } = await audit.verify();
 *   await close();
 *   return broken === undefined;
 * }
 */
export interface OpenAudit {
  /** Reads, writes and verifies the entries. */
  readonly audit: AuditService;
  /** Closes the database. Call it once, at the end. */
  close(): Promise<void>;
}

/**
 * Opens the audit of a database for a command-line tool. A service may use the database at the same time.
 *
 * @param databaseUrl as `databaseUrl` of `AgentModuleOptions`.
 * @throws Error if the database cannot be opened.
 *
 * @example
 * import { openAudit } from 'rookery';
 *
 * const { audit, close } = await openAudit('file:./data/rookery.db');
 * console.log(await audit.verify());
 * await close();
 */
export async function openAudit(databaseUrl: string): Promise<OpenAudit> {
  const database = await Database.open(databaseUrl, { isTool: true });
  return { audit: new AuditService(database), close: () => database.onApplicationShutdown() };
}
