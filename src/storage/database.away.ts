/** Classes of answers after which the server ends the connection: it shuts down, starts, or lost patience. */
const LAST_WORDS = /^(08|57P|25P0[34])/;

/** The database cannot be reached, or went away meanwhile. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';

  constructor(cause: unknown) {
    super(`PostgreSQL cannot be reached: ${reasonOf(cause)}`, { cause });
  }
}

/** Whether the server has refused a statement, and goes on to serve the connection. */
export function isAnswer(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'severity' in reason &&
    'code' in reason &&
    typeof reason.code === 'string' &&
    !LAST_WORDS.test(reason.code)
  );
}

/** A name with several addresses fails with the reasons of all, and no message. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause);
  if ('errors' in cause && Array.isArray(cause.errors)) return cause.errors.map(reasonOf).join(', ');
  return 'message' in cause ? String(cause.message) : 'for no reason given';
}
