import { isObject } from '../../json/json.object.js';
import { invalid } from '../request/body.fields.js';
import { type ResponseObject, responseIdOf } from './response.object.js';

const ITEM_ID = /^(?:msg|fc|rs)_([A-Za-z0-9-]{1,128})_\d{1,9}$/;

/**
 * Replaces references to output items of earlier responses by these items.
 *
 * @param read reads a response of the caller.
 * @throws OpenAIRefusal if one does not exist.
 */
export async function resolveReferences(
  items: readonly unknown[],
  read: (responseId: string) => Promise<ResponseObject | undefined>,
): Promise<readonly unknown[]> {
  const responses = new Map<string, ResponseObject | undefined>();
  const resolved: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const id = isObject(item) && item['type'] === 'item_reference' ? String(item['id']) : undefined;
    if (id === undefined) {
      resolved.push(item);
      continue;
    }
    const [, runId] = ITEM_ID.exec(id) ?? [];
    if (runId !== undefined && !responses.has(runId)) responses.set(runId, await read(responseIdOf(runId)));
    const found = responses.get(runId ?? '')?.output.find((each) => each.id === id);
    if (found === undefined) throw invalid(`input[${index}].id`, `Item with id '${id.slice(0, 128)}' not found.`);
    resolved.push(found);
  }
  return resolved;
}
