import { isBoolean, isNumber, isObjectOf, isOptional, isString } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { ModelReply, ModelUsage } from '../../models/language.model.js';
import { isModelReply, isModelUsage } from '../../models/stored.reply.js';
import type { ToolResult } from './run.journal.js';

const COLUMN = 'steps.body';

/** The part of a finished step that counts as usage. */
interface CountedStep {
  readonly model?: string | undefined;
  readonly usage?: ModelUsage | undefined;
}

const isToolResult = isObjectOf<ToolResult>({
  content: isString,
  isError: isOptional(isBoolean),
  durationMs: isOptional(isNumber),
  usage: isOptional(isModelUsage),
  deaths: isOptional(isNumber),
});

const isCountedStep = isObjectOf<CountedStep>({ model: isOptional(isString), usage: isOptional(isModelUsage) });

/** Parses the body of a finished turn. @throws StoredJsonError */
export function readTurn(body: string): ModelReply {
  return readStoredJson(body, COLUMN, isModelReply);
}

/** Parses the body of a finished tool call. @throws StoredJsonError */
export function readToolResult(body: string): ToolResult {
  return readStoredJson(body, COLUMN, isToolResult);
}

/** Parses the usage in the body of any finished step. @throws StoredJsonError */
export function readStepUsage(body: string): CountedStep {
  return readStoredJson(body, COLUMN, isCountedStep);
}
