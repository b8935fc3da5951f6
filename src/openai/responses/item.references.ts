import { isObject } from '../../json/json.object.js';
import { runIdIn } from '../item.ids.js';
import type { OutputItem } from './output.items.js';
import { invalid } from '../request/body.fields.js';

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
  const runIds = new Set(items.flatMap((item) => runIdIn(referenceIn(item) ?? '') ?? []));
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

/** The item as older releases have named it: after its place in the output. */
export function withOldId(item: OutputItem, runId: string, index: number): OutputItem {
  return { ...item, id: item.id.replace(/_.*/s, `_${runId}_${index}`) };
}

function referenceIn(item: unknown): string | undefined {
  return isObject(item) && item['type'] === 'item_reference' ? String(item['id']) : undefined;
}
