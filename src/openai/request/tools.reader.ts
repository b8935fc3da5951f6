import { BodyFields, invalid } from './body.fields.js';
import { unsupported } from './field.rules.js';

const MAX_TOOLS = 64;
const MAX_DESCRIPTION = 16_384;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const WORDS = ['auto', 'none', 'required'] as const;
const MODES = ['auto', 'required'] as const;

/** A function that the client executes. */
export interface FunctionTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: object;
  readonly strict?: boolean;
}

/** Which tools the model may or must call. */
export type FunctionChoice =
  | (typeof WORDS)[number]
  | { readonly name: string }
  | { readonly allowed: readonly string[]; readonly mode: (typeof MODES)[number] };

/**
 * Reads the functions of a request. In the Chat Completions API a function is nested in its tool, in the Responses API it
 * is the tool. Some clients always send tools of other types, which only the services of OpenAI have. They are left out,
 * unless the request has no function.
 */
export function readTools(body: BodyFields): FunctionTool[] {
  const tools = body.objects('tools', MAX_TOOLS);
  const functions = tools.filter((tool) => typeOf(tool) === 'function');
  const [first] = tools;
  if (first && functions.length === 0) requireFunction(first);
  return functions.map((tool) => readFunction(tool.fields('function') ?? tool));
}

function readFunction(tool: BodyFields): FunctionTool {
  const name = readName(tool);
  const description = tool.text('description', MAX_DESCRIPTION);
  const parameters = tool.fields('parameters')?.object;
  const strict = tool.boolean('strict');
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
  };
}

/** Reads the choice among the functions, in the form of either API. */
export function readToolChoice(body: BodyFields): FunctionChoice | undefined {
  const value = body.value('tool_choice');
  if (value === undefined || typeof value === 'string') return body.choice('tool_choice', WORDS);
  const choice = BodyFields.of(value, 'tool_choice');
  if (choice.text('type', 64) === 'allowed_tools') return readAllowed(choice.fields('allowed_tools') ?? choice);
  requireFunction(choice);
  return { name: readName(choice.fields('function') ?? choice) };
}

function readAllowed(choice: BodyFields): FunctionChoice {
  const allowed = choice.objects('tools', MAX_TOOLS).map((tool) => {
    requireFunction(tool);
    return readName(tool.fields('function') ?? tool);
  });
  return { allowed, mode: choice.choice('mode', MODES) ?? 'auto' };
}

function requireFunction(tool: BodyFields): void {
  const type = typeOf(tool);
  if (type === 'function') return;
  throw unsupported(
    tool.pathOf('type'),
    `Tools of the type "${type}" are not supported, only functions of the caller.`,
  );
}

function typeOf(tool: BodyFields): string {
  return tool.requiredText('type', 64);
}

function readName(tool: BodyFields): string {
  const name = tool.requiredText('name', 64);
  if (NAME.test(name)) return name;
  throw invalid(tool.pathOf('name'), `${tool.pathOf('name')} must be 1–64 of A–Z a–z 0–9 _ -.`);
}
