import { tryParseJson } from '../json/json.text.js';
import { invalidField } from '../errors/agent.error.js';

/** Encodes the end position of a page as a cursor that is opaque to callers. */
export function encodeCursor(...position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Decodes a cursor: a time or position in a list, and the id there. @throws AgentError `validation_failed` */
export function decodeCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [at, id] = parsed(cursor);
  if (!Number.isSafeInteger(at) || typeof at !== 'number' || typeof id !== 'string') throw invalidCursor();
  return { at, id };
}

function parsed(cursor: string): readonly unknown[] {
  const position = tryParseJson(Buffer.from(cursor, 'base64url').toString());
  if (Array.isArray(position)) return position;
  throw invalidCursor();
}

function invalidCursor(): Error {
  return invalidField('cursor', 'cursor must be the next_cursor of an earlier page.');
}
