import { Database } from '../storage/database.js';
import { AuditService } from './audit.service.js';

/** The audit of a database, opened in a separate process. */
export interface OpenAudit {
  readonly audit: AuditService;
  close(): Promise<void>;
}

/**
 * Opens the audit of a database for a command-line tool. A service may use the database at the same time.
 *
 * @throws Error if the database cannot be opened.
 */
export async function openAudit(databaseUrl: string): Promise<OpenAudit> {
  const database = await Database.open(databaseUrl, { isTool: true });
  return { audit: new AuditService(database), close: () => database.onApplicationShutdown() };
}
