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

/** The tools of a server, and the faults of those that are left out. */
export interface McpListing {
  readonly tools: readonly ListedTool[];
  readonly faults: readonly string[];
}

/** Other fields, such as the schema of results, are not used: their faults do not matter. */
const CHECKS: Readonly<Record<keyof ListedTool, (value: unknown) => boolean>> = {
  name: (value) => isString(value) && value !== '',
  title: isOptional(isString),
  description: isOptional(isString),
  inputSchema: (value) => isObject(value) && value.type === 'object' && isWithin(MAX_DEPTH, value),
  annotations: isOptional(isObjectOf({ readOnlyHint: isOptional(isBoolean), idempotentHint: isOptional(isBoolean) })),
};
const isListedTool = isObjectOf<ListedTool>(CHECKS);

/** Reads the entries of a list of tools. An odd entry costs only its own tool. */
export function readListing(entries: readonly unknown[], ...faults: string[]): McpListing {
  const tools = entries.flatMap((entry, index) => {
    const fields = isObject(entry) ? fieldsOf(entry) : undefined;
    const fault = faultOf(entry, fields);
    const tool: unknown = fault === undefined ? JSON.parse(textOfNumbers(fields)) : undefined;
    if (isListedTool(tool)) return [tool];
    faults.push(`The tool ${nameOf(fields, index)} ${fault}.`);
    return [];
  });
  return { tools, faults };
}

/** The fields that are used. Null counts as absent. */
function fieldsOf(entry: JsonObject): JsonObject {
  const fields = Object.keys(CHECKS).map((field): [string, unknown] => [field, entry[field] ?? undefined]);
  return Object.fromEntries(fields);
}

function faultOf(entry: unknown, fields: JsonObject | undefined): string | undefined {
  if (!isObject(entry) || fields === undefined) return 'is not valid: it is not an object';
  const wrong = Object.entries(CHECKS).filter(([field, isValid]) => !isValid(fields[field]));
  if (wrong.length > 0) return `is not valid: ${wrong.map(([field]) => field).join(', ')}`;
  const { execution } = entry;
  const needsTask = isObject(execution) && execution.taskSupport === 'required';
  return needsTask ? 'can only be called as a task' : undefined;
}

function nameOf(fields: JsonObject | undefined, index: number): string {
  const name = fields?.name;
  return isString(name) && name !== '' ? name.slice(0, MAX_NAME_CHARS) : `at ${index}`;
}

/** Whether the value is nested at most that deep. */
function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isWithin(levels - 1, child));
}
