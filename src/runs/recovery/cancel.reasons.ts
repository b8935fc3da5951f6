/** The reasons of cancellations whose task must not be tried again. */
export const ERASED_SESSION = 'The session was deleted.';
export const ERASED_END_USER = "Cancelled because the end user's data was erased.";

/** True if a run was cancelled by an erasure, so it must not continue in another run. */
export function isErasure(reason: string | null): boolean {
  return reason === ERASED_SESSION || reason === ERASED_END_USER;
}
