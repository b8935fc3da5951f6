import type { ApiPropertyOptions } from '@nestjs/swagger';
import { isObject } from '../json/json.object.js';
import { rule } from './input.rules.js';

/** Most tools of a request. */
const MAX_TOOLS = 64;
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
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
