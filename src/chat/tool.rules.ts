import type { ApiPropertyOptions } from '@nestjs/swagger';
import { isObject } from '../json/json.object.js';
import { MAX_TOOLS, TOOL_NAME } from '../runs/request/request.faults.js';
import { isTranscriptMessage } from '../runs/request/transcript.messages.js';
import { isStorable } from '../json/storable.text.js';
import { inputFault, rule } from './input.rules.js';

const NAME_RULE = 'must be 1–64 of A–Z a–z 0–9 _ -';
const WORDS = ['auto', 'none', 'required'] as const;
const MODES = ['auto', 'required'] as const;

const NAME = { type: 'string', pattern: TOOL_NAME.source, maxLength: 64 } as const;

export const TOOL_CHOICE_SCHEMA: ApiPropertyOptions = {
  oneOf: [
    { type: 'string', enum: [...WORDS] },
    { type: 'object', properties: { name: NAME }, required: ['name'] },
    {
      type: 'object',
      properties: {
        allowed: { type: 'array', items: NAME, maxItems: MAX_TOOLS },
        mode: { type: 'string', enum: [...MODES] },
      },
      required: ['allowed', 'mode'],
    },
  ],
};

/** Checks the form of a tool choice. Its names are checked when the agent is known. */
export const IsToolChoice = (): PropertyDecorator => rule('isToolChoice', choiceFault);

/** Checks the form of tools. The engine checks their names and schemas. */
export const IsCallerTools = (): PropertyDecorator =>
  rule('isCallerTools', listFault({ name: isString, description: isOptionalText, parameters: isAny, strict: isFlag }));

/** Checks the form of results. The engine checks what they answer. */
export const IsToolResults = (): PropertyDecorator =>
  rule('isToolResults', listFault({ call_id: isStoredText, output: isOptionalText, error: isOptionalText }));

/** Checks the form of a transcript. The engine checks its order. */
export const IsTranscript = (): PropertyDecorator => rule('isTranscript', transcriptFault);

/** The fields of each role. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content'],
  developer: ['role', 'content'],
  user: ['role', 'content'],
  assistant: ['role', 'content', 'tool_calls'],
  tool: ['role', 'call_id', 'output'],
};
const CALL_FIELDS = { call_id: isStoredText, tool: isString, arguments: isStoredText };

/** Returns a check of lists whose items have these fields only. */
function listFault(fields: Readonly<Record<string, (value: unknown) => boolean>>) {
  return (list: unknown): string | undefined => {
    if (!Array.isArray(list)) return ' must be a list';
    for (const [index, item] of list.entries()) {
      if (!isObject(item)) return `[${index}] must be an object`;
      const unknown = Object.keys(item).find((name) => !Object.hasOwn(fields, name));
      if (unknown !== undefined) return `[${index}].${unknown} is not a field of it`;
      const faulty = Object.entries(fields).find(([name, isValid]) => !isValid(item[name]));
      if (faulty) return `[${index}].${faulty[0]} is missing or not valid`;
    }
    return undefined;
  };
}

function transcriptFault(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return ' must be a list';
  for (const [index, message] of messages.entries()) {
    const fault = messageFault(message);
    if (fault !== undefined) return `[${index}]${fault}`;
  }
  return undefined;
}

function messageFault(message: unknown): string | undefined {
  if (!isTranscriptMessage(message)) {
    return ' must be a message of the role system, developer, user, assistant or tool, with the fields of its role';
  }
  const unknown = Object.keys(message).find((name) => FIELDS[message.role]?.includes(name) !== true);
  if (unknown !== undefined) return `.${unknown} is not a field of the role ${message.role}`;
  switch (message.role) {
    case 'user': {
      const fault = inputFault(message.content);
      return fault && `.content${fault}`;
    }
    case 'assistant':
      if (!isOptionalText(message.content)) return TEXT_FAULT;
      return message.tool_calls && listFault(CALL_FIELDS)(message.tool_calls);
    case 'tool':
      return isStoredText(message.call_id) && isStoredText(message.output) ? undefined : TEXT_FAULT;
    default:
      return isStoredText(message.content) ? undefined : TEXT_FAULT;
  }
}

const TEXT_FAULT = ' must not contain NUL or half a surrogate pair';

function isStoredText(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isStoredText(value);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function isAny(): boolean {
  return true;
}

function choiceFault(choice: unknown): string | undefined {
  if (typeof choice === 'string') return WORDS.some((word) => word === choice) ? undefined : WORD_FAULT;
  if (!isObject(choice)) return WORD_FAULT;
  const { name, allowed, mode, ...others } = choice;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `.${unknown} is not a field of a tool choice`;
  if (allowed === undefined && mode === undefined) return isName(name) ? undefined : `.name ${NAME_RULE}`;
  if (name !== undefined) return '.name cannot be used with allowed';
  if (!Array.isArray(allowed) || allowed.length > MAX_TOOLS || !allowed.every(isName)) {
    return `.allowed must be a list of at most ${MAX_TOOLS} names of tools`;
  }
  return MODES.some((each) => each === mode) ? undefined : '.mode must be auto or required';
}

const WORD_FAULT = ' must be auto, none, required, {name} or {allowed, mode}';

function isName(name: unknown): boolean {
  return typeof name === 'string' && TOOL_NAME.test(name);
}
