import type { ChatRequestV2 } from 'rookery/client';
import { isObject } from '../service/credentials';

type CallerTool = NonNullable<ChatRequestV2['tools']>[number];

const TOOLS_STORED_AS = 'rookery.studio.tools';
const MAX_TOOLS = 64;
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const TOOL_FIELDS: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'strict']);

/** The options of a request as a person writes them. An empty text leaves its option out. */
export interface OptionTexts {
  readonly temperature: string;
  readonly schema: string;
  readonly tools: string;
}

/** @throws Error that says which option is wrong, and how. */
export function optionsOf({ temperature, schema, tools }: OptionTexts): ChatRequestV2 {
  const output_schema = schema.trim() === '' ? undefined : schemaOf(schema);
  const given = tools.trim() === '' ? undefined : toolsOf(tools);
  return {
    ...(temperature !== '' && { temperature: Number(temperature) }),
    ...(output_schema !== undefined && { output_schema }),
    ...(given !== undefined && { tools: given }),
  };
}

/** The text of the tools in this tab. A reload keeps it. */
export function storedToolsText(): string {
  return sessionStorage.getItem(TOOLS_STORED_AS) ?? '';
}

export function storeToolsText(text: string): void {
  sessionStorage.setItem(TOOLS_STORED_AS, text);
}

/** The tools of this tab; undefined without any, or if their text is not valid. */
export function storedTools(): CallerTool[] | undefined {
  const text = storedToolsText();
  try {
    return text.trim() === '' ? undefined : toolsOf(text);
  } catch {
    return undefined;
  }
}

function schemaOf(text: string): Record<string, unknown> {
  const schema = parsed('JSON Schema', text);
  if (!isObject(schema)) throw new Error('The JSON Schema is not a JSON object.');
  return schema;
}

function toolsOf(text: string): CallerTool[] {
  const list = parsed('list of tools', text);
  if (!Array.isArray(list)) throw new Error('The tools are not a JSON list: write [{"name": "get_weather"}].');
  if (list.length > MAX_TOOLS) throw new Error(`The tools are ${list.length}, but at most ${MAX_TOOLS} are allowed.`);
  const names = new Set<string>();
  return list.map((value: unknown, index) => {
    const tool = toolOf(value, `Tool ${index + 1}`);
    if (names.has(tool.name)) throw new Error(`Tool ${index + 1} has the name of another one: ${tool.name}.`);
    names.add(tool.name);
    return tool;
  });
}

function toolOf(value: unknown, what: string): CallerTool {
  if (!isObject(value)) throw new Error(`${what} is not a JSON object.`);
  const { name, description, parameters, strict } = value;
  const unknown = Object.keys(value).find((field) => !TOOL_FIELDS.has(field));
  if (unknown !== undefined) {
    throw new Error(`${what} has the unknown field "${unknown}". Known: ${[...TOOL_FIELDS].join(', ')}.`);
  }
  if (typeof name !== 'string' || !TOOL_NAME.test(name)) {
    throw new Error(`${what} needs a "name" of 1 to 64 of A–Z a–z 0–9 _ -.`);
  }
  if (description !== undefined && typeof description !== 'string') {
    throw new Error(`${what} has a "description" that is not a text.`);
  }
  if (parameters !== undefined && (!isObject(parameters) || parameters.type !== 'object')) {
    throw new Error(`${what} has "parameters" that are not a JSON Schema of the type object.`);
  }
  if (strict !== undefined && typeof strict !== 'boolean')
    throw new Error(`${what} has a "strict" that is not true or false.`);
  return {
    name,
    ...(description !== undefined && { description }),
    ...(isObject(parameters) && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

function parsed(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The ${what} is not valid JSON.`, { cause });
  }
}
