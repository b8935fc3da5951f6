import { isNumber, isObject } from '../../json/json.object.js';
import { DatabaseUnavailableError } from '../database.unavailable.js';

/** Primary result codes of SQLite. The bits above the lowest eight are details of the same failure. */
const [READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL] = [8, 5, 10, 13, 14, 15];
const PRIMARY = 0xff;
const UNAVAILABLE_CODES: ReadonlySet<number | undefined> = new Set([READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL]);

/** Another process holds the lock that a statement needs. */
export class DatabaseLocked extends DatabaseUnavailableError {}

/** Converts a failure of SQLite into an outage if the file cannot be used now; returns any other one unchanged. */
export function sqliteFailure(failure: unknown): unknown {
  const code = codeOf(failure);
  if (!UNAVAILABLE_CODES.has(code)) return failure;
  const problem = 'The database file cannot be used';
  if (code === BUSY) return new DatabaseLocked(failure, problem);
  // A full disk may still take a smaller write.
  return new DatabaseUnavailableError(failure, problem, code === FULL);
}

function codeOf(failure: unknown): number | undefined {
  return isObject(failure) && isNumber(failure.errcode) ? failure.errcode & PRIMARY : undefined;
}
