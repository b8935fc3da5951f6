import { Logger } from '@nestjs/common';
import { isObject, isString } from '../json/json.object.js';
import type { ModelReasoning, ModelRoute, ProviderData } from './language.model.js';
import { cutToCharacters } from './whole.characters.js';

/** Far above any turn. A session would grow without bound. */
const MAX_DATA_CHARS = 1024 * 1024;
const LOGGER = new Logger('ProviderData');

/**
 * The data of an answer as they are stored: JSON without half characters. A warning is logged if they are too long.
 *
 * @param data what the provider sent and expects back.
 * @param route of the model that answered, for the log.
 * @returns undefined if the JSON is longer than 2^20 characters.
 * @example
 * toProviderData('https://api.deepseek.com/v1 chat', { message: { reasoning_content: 'Hm.' } }, { upstream, model });
 */
export function toProviderData(
  source: string,
  data: object,
  { upstream, model }: ModelRoute,
): ProviderData | undefined {
  const text = JSON.stringify(data);
  if (text.length > MAX_DATA_CHARS) {
    const msg = 'the data that a provider expects back are too long and are not stored';
    LOGGER.warn({ upstream, model, characters: text.length, msg });
    return undefined;
  }
  return parsed(source, text);
}

/**
 * A part of the reasoning as it is stored and shown: its data as `toProviderData` returns them, its text up to 2^20
 * characters.
 *
 * @param data what the provider expects back with the part; undefined: nothing.
 * @example
 * toReasoning('Hm.', 'https://api.deepseek.com/v1 chat', { field: 'reasoning_content' });
 */
export function toReasoning(shown: string, source: string, data: object | undefined): ModelReasoning {
  const text = cutToCharacters(shown, MAX_DATA_CHARS);
  const json = data === undefined ? undefined : JSON.stringify(data);
  // The data of the whole answer are logged if they are too long.
  const providerData = json === undefined || json.length > MAX_DATA_CHARS ? undefined : parsed(source, json);
  return providerData ? { text, providerData } : { text };
}

function parsed(source: string, text: string): ProviderData | undefined {
  const stored: unknown = JSON.parse(text, wellFormed);
  return isObject(stored) ? { source, data: stored } : undefined;
}

function wellFormed(_key: string, value: unknown): unknown {
  return isString(value) ? value.toWellFormed() : value;
}
