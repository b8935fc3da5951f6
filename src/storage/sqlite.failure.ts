import { DatabaseAway } from './database.away.js';

/** Result codes of SQLite. The bits above the lowest eight tell more of the same. */
const [READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL] = [8, 5, 10, 13, 14, 15];
const PRIMARY = 0xff;
const UNABLE: ReadonlySet<number | undefined> = new Set([READONLY, BUSY, IOERR, FULL, CANTOPEN, PROTOCOL]);

/** A failure of SQLite: an outage if the file cannot be used now, else as it is. */
export function sqliteFailure(failure: unknown): unknown {
  const code = codeOf(failure);
  if (!UNABLE.has(code)) return failure;
  // A full disk may still have room for a smaller write.
  return new DatabaseAway(failure, { problem: 'The database file cannot be used', isOfWork: code === FULL });
}

function codeOf(failure: unknown): number | undefined {
  if (typeof failure !== 'object' || failure === null || !('errcode' in failure)) return undefined;
  return typeof failure.errcode === 'number' ? failure.errcode & PRIMARY : undefined;
}
