import { tryParseJson } from './json.text.js';

/** A stored JSON text has a form that no release has written. The message names the place, never the content. */
export class StoredJsonError extends Error {
  override readonly name = 'StoredJsonError';

  /** @param place a table and its column, for example `runs.outcome`. */
  constructor(place: string) {
    super(`A value in ${place} cannot be read: it was changed by hand or by a newer release.`);
  }
}

/**
 * Parses JSON that this service, or an older release of it, has stored. Unknown fields are kept.
 *
 * @param place the table and the column, for the error.
 * @param isExpected checks the form of the value.
 * @throws StoredJsonError if the text is not JSON or has another form.
 */
export function readStoredJson<T>(text: string, place: string, isExpected: (value: unknown) => value is T): T {
  const value = tryParseJson(text);
  if (isExpected(value)) return value;
  throw new StoredJsonError(place);
}
