import { isObject } from '../../json/json.object.js';
import { invalid } from '../request/body.fields.js';

const ITEM_ID = /^[a-z]{2,4}_([A-Za-z0-9-]{1,128})_(?:in_)?\d{1,9}$/;
/** Each is read from the database. */
const MAX_RESPONSES = 100;

/**
 * Replaces references to items of earlier responses, of their inputs too, by these items.
 *
 * @param read reads the items of the response of a run.
 * @throws OpenAIRefusal if one does not exist.
 */
export async function resolveReferences(
  items: readonly unknown[],
  read: (runId: string) => Promise<readonly object[]>,
): Promise<readonly unknown[]> {
  const runIds = new Set(items.flatMap((item) => runIdIn(referenceIn(item)) ?? []));
  if (runIds.size > MAX_RESPONSES) {
    throw invalid('input', `input must not refer to items of more than ${MAX_RESPONSES} responses.`);
  }
  const known = new Map<unknown, object>();
  for (const runId of runIds) {
    for (const item of await read(runId)) if (isObject(item)) known.set(item['id'], item);
  }
  return items.map((item, index) => {
    const id = referenceIn(item);
    if (id === undefined) return item;
    const found = known.get(id);
    if (found === undefined) throw invalid(`input[${index}].id`, `Item with id '${id.slice(0, 128)}' not found.`);
    return found;
  });
}

function referenceIn(item: unknown): string | undefined {
  return isObject(item) && item['type'] === 'item_reference' ? String(item['id']) : undefined;
}

function runIdIn(id: string | undefined): string | undefined {
  return id === undefined ? undefined : ITEM_ID.exec(id)?.[1];
}
