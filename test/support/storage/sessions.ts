import type { Database } from '../../../src/storage/database.js';
import { MessagesRepository } from '../../../src/sessions/messages.repository.js';
import { SessionForks } from '../../../src/sessions/session.forks.js';
import { SessionsRepository } from '../../../src/sessions/sessions.repository.js';
import { SessionsService } from '../../../src/sessions/sessions.service.js';

/** The sessions of a database, without an application. */
export function sessionsOf(database: Database, repository = new SessionsRepository(database)): SessionsService {
  return new SessionsService(repository, new MessagesRepository(database), new SessionForks(database));
}
