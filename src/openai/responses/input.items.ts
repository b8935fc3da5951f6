import { isObject, type JsonObject } from '../../json/json.object.js';
import { invalid } from '../request/body.fields.js';
import type { InputItemList } from './responses.dto.js';
import type { StoredResponse } from './responses.repository.js';
import { readItemsQuery } from './responses.query.js';

/** An item with an id, as clients read it. */
type InputItem = JsonObject & { readonly id: string };

const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  reasoning: 'rs',
  compaction: 'cmp',
};

/** The items of an input, with ids. */
export function inputItemsOf({ runId, input }: Pick<StoredResponse, 'runId' | 'input'>): InputItem[] {
  return input.map((item, index) => toItem(item, `${runId}_in_${index}`));
}

/** A page of the items of an input. @throws OpenAIRefusal if the query is invalid. */
export function itemsPageOf(stored: StoredResponse, query: unknown): InputItemList {
  const { limit, order, after } = readItemsQuery(query);
  const items = inputItemsOf(stored);
  if (order === 'desc') items.reverse();
  const start = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw invalid('after', 'after must be the id of an item of this list.');
  const data = items.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < items.length,
  };
}

function toItem(item: unknown, name: string): InputItem {
  const given = isObject(item) ? item : {};
  const type = typeof given['type'] === 'string' ? given['type'] : 'message';
  const id = `${PREFIXES[type] ?? 'item'}_${name}`;
  if (type !== 'message') return { status: 'completed', ...given, type, id };
  const { content, role = 'user' } = given;
  const part = role === 'assistant' ? { type: 'output_text', annotations: [] } : { type: 'input_text' };
  const parts = typeof content === 'string' ? [{ ...part, text: content }] : content;
  return { status: 'completed', ...given, type, id, role, content: parts };
}
