import { DatabaseAway } from './database.away.js';

/** Result codes of SQLite. The bits above the lowest eight tell more of the same. */
const [READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL] = [8, 5, 10, 13, 14, 15];
const PRIMARY = 0xff;
const UNABLE: ReadonlySet<number | undefined> = new Set([READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL]);

/** Another process holds the lock that a statement needs. */
export class DatabaseLocked extends DatabaseAway {}

/** A failure of SQLite: an outage if the file cannot be used now, else as it is. */
export function sqliteFailure(failure: unknown): unknown {
  const code = codeOf(failure);
  if (!UNABLE.has(code)) return failure;
  const problem = 'The database file cannot be used';
  if (code === BUSY) return new DatabaseLocked(failure, { problem });
  // A full disk may still have room for a smaller write.
  return new DatabaseAway(failure, { problem, isOfWork: code === FULL });
}

function codeOf(failure: unknown): number | undefined {
  if (typeof failure !== 'object' || failure === null || !('errcode' in failure)) return undefined;
  return typeof failure.errcode === 'number' ? failure.errcode & PRIMARY : undefined;
}
