import { isBoolean, isObject, isObjectOf, isOptional, isString, type JsonObject } from '../../json/json.object.js';
import { textOfNumbers } from './mcp.numbers.js';

/** Deeper schemas of tools are refused: code that walks them is recursive. */
const MAX_DEPTH = 200;
const MAX_NAME_CHARS = 200;

/** A tool as a server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly idempotentHint?: boolean };
}

/** The tools of a server, and the faults of those that are left out or read in part. */
export interface McpListing {
  readonly tools: readonly ListedTool[];
  readonly faults: readonly string[];
}

type Checks<T> = Readonly<Record<keyof T, (value: unknown) => boolean>>;

const HINTS: Checks<NonNullable<ListedTool['annotations']>> = {
  readOnlyHint: isOptional(isBoolean),
  idempotentHint: isOptional(isBoolean),
};
const FIELDS: Checks<ListedTool> = {
  name: (value) => isString(value) && value !== '',
  title: isOptional(isString),
  description: isOptional(isString),
  inputSchema: (value) => isObject(value) && value.type === 'object' && isWithin(MAX_DEPTH, value),
  annotations: isOptional(isObject),
};
const REQUIRED = new Set(['name', 'inputSchema']);
const isListedTool = isObjectOf<ListedTool>(FIELDS);

/**
 * Reads the entries of a list of tools. An odd entry costs only its own tool, and an odd optional field only itself.
 * Further fields, such as the schema of results, are not read.
 *
 * @example
 * readListing([{ name: 'a', inputSchema: { type: 'object' }, title: 7 }, null]);
 * // tools: [{ name: 'a', inputSchema: { type: 'object' } }]
 * // faults: ['The tool a has invalid fields, which are ignored: title.', 'The tool at 1 is not valid: …']
 */
export function readListing(entries: readonly unknown[], ...faults: string[]): McpListing {
  const tools = entries.flatMap((entry, index) => {
    const { valid, odd } = sift(isObject(entry) ? entry : {}, FIELDS);
    const { annotations = {}, ...fields } = valid;
    const hints = sift(isObject(annotations) ? annotations : {}, HINTS);
    const fault = faultOf(entry, odd);
    const ignored = [...odd, ...hints.odd];
    if (fault !== undefined) faults.push(`The tool ${nameOf(valid, index)} ${fault}.`);
    else if (ignored.length > 0)
      faults.push(`The tool ${nameOf(valid, index)} has invalid fields, which are ignored: ${ignored.join(', ')}.`);
    const isHinted = Object.keys(hints.valid).length > 0;
    const read = isHinted ? { ...fields, annotations: hints.valid } : fields;
    const tool: unknown = fault === undefined ? JSON.parse(textOfNumbers(read)) : undefined;
    return isListedTool(tool) ? [tool] : [];
  });
  return { tools, faults };
}

/** The fields that pass their check, and the names of those that do not. Null counts as absent. */
function sift(source: JsonObject, checks: Checks<JsonObject>): { valid: JsonObject; odd: string[] } {
  const present = Object.keys(checks).map((field) => ({ field, value: source[field] ?? undefined }));
  const isValid = ({ field, value }: (typeof present)[number]): boolean => checks[field]?.(value) === true;
  const valid = present.filter((each) => isValid(each) && each.value !== undefined);
  return {
    valid: Object.fromEntries(valid.map(({ field, value }) => [field, value])),
    odd: present.filter((each) => !isValid(each)).map(({ field }) => field),
  };
}

function faultOf(entry: unknown, odd: readonly string[]): string | undefined {
  if (!isObject(entry)) return 'is not valid: it is not an object';
  const wrong = odd.filter((field) => REQUIRED.has(field));
  if (wrong.length > 0) return `is not valid: ${wrong.join(', ')}`;
  const { execution } = entry;
  const needsTask = isObject(execution) && execution.taskSupport === 'required';
  return needsTask ? 'can only be called as a task' : undefined;
}

function nameOf({ name }: JsonObject, index: number): string {
  return isString(name) ? name.slice(0, MAX_NAME_CHARS) : `at ${index}`;
}

/** Whether the value is nested at most that deep. */
function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isWithin(levels - 1, child));
}
