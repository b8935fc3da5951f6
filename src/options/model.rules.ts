import type { AgentModuleOptions } from '../agent.options.js';
import { isObject, isString } from '../json/json.object.js';
import { LanguageModel } from '../models/language.model.js';
import { isOffline, type ModelFallback, type NamedModel } from '../models/model.factory.js';
import type { BrokenRule } from '../json/object.shape.js';
import type { OptionName } from './option.fault.js';
import { urlFaults } from './url.rules.js';

/** Each fallback gets a share of a run's time. */
const MAX_FALLBACKS = 10;
/** Printable ASCII without spaces, as HTTP headers need it. */
const API_KEY = /^[\x21-\x7e]+$/;
/** An `@` separates a model from its provider in settings and logs. */
const MODEL_NAME = /^[^@\p{Cc}]*[^@\p{Cc}\s][^@\p{Cc}]*$/u;

const AI_SDK_HINT = '; a model of the AI SDK needs fromAiSdk of rookery/ai-sdk';

/** Finds the faults of models, their names and their providers. */
export function* modelFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  if (isOfAiSdk(options.model)) yield ['model', ` must be a LanguageModel or a provider${AI_SDK_HINT}`];
  else yield* providerFaults(options.model, 'model');
  yield* namedFaults(options, nameOf);
  yield* fallbackFaults(options, nameOf);
}

function* namedFaults({ model = {}, models = {} }: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  for (const [name, choice] of Object.entries(models)) {
    const option = `models.${name}`;
    if (!MODEL_NAME.test(name)) {
      const rule = 'a name must not be empty and must not contain @ or control characters';
      yield ['models', `: ${rule}, not ${JSON.stringify(name)}`];
    } else if (isMalformed(choice)) yield [option, malformedRule(choice)];
    else if (!(choice instanceof LanguageModel)) {
      if (choice.model.trim() === '') yield [`${option}.model`, ' must name a model'];
      if (choice.provider === undefined && isOffline(model))
        yield [`${option}.model`, ` needs a provider, or ${providerOf(nameOf)}`];
      yield* otherProviderFaults(choice.provider, `${option}.provider`);
    }
  }
}

function* fallbackFaults(options: AgentModuleOptions, nameOf: OptionName): Iterable<BrokenRule> {
  const { model = {}, models = {}, fallbacks = [] } = options;
  for (const [index, { provider }] of fallbacks.entries()) {
    yield* otherProviderFaults(provider, `fallbacks[${index}].provider`);
  }
  const needed = `${providerOf(nameOf)}: the offline model does not fail`;
  if (fallbacks.length > 0 && isOffline(model) && Object.keys(models).length === 0) {
    yield ['fallbacks', ` needs ${needed}`];
  } else if (isOffline(model)) {
    const index = fallbacks.findIndex((each) => isOfDefaultProvider(each, models));
    if (index !== -1) yield [`fallbacks[${index}].model`, ` needs a name of ${nameOf('models')}, or ${needed}`];
  }
  if (fallbacks.length > MAX_FALLBACKS) {
    yield ['fallbacks', ` must name at most ${MAX_FALLBACKS} models, not ${fallbacks.length}`];
  }
  const isRepeated = fallbacks.some((each, index) =>
    fallbacks.slice(0, index).some(({ model: other, provider }) => other === each.model && provider === each.provider),
  );
  if (isRepeated) yield ['fallbacks', ' must not repeat a model'];
  for (const [index, fallback] of fallbacks.entries()) {
    if (fallback.model.trim() === '') yield [`fallbacks[${index}].model`, ' must name a model'];
  }
}

/** Finds the faults of a provider that is not the module's own: it cannot be the offline model. */
function* otherProviderFaults(provider: NamedModel['provider'], path: string): Iterable<BrokenRule> {
  if (provider !== undefined && isOffline(provider)) {
    const hint = isOfAiSdk(provider) ? AI_SDK_HINT : '';
    yield [path, ` must be a LanguageModel, or have apiKey or baseUrl${hint}`];
  } else yield* providerFaults(provider, path);
}

function* providerFaults(provider: AgentModuleOptions['model'], path: string): Iterable<BrokenRule> {
  if (provider === undefined || provider instanceof LanguageModel) return;
  const { apiKey, baseUrl } = provider;
  if (apiKey !== undefined && !API_KEY.test(apiKey)) {
    yield [`${path}.apiKey`, ' must be printable ASCII characters without spaces'];
  }
  yield* urlFaults(baseUrl, `${path}.baseUrl`);
}

/** Applications without types may give anything, such as a model of the AI SDK itself. */
function isMalformed(choice: unknown): boolean {
  if (choice instanceof LanguageModel) return false;
  return !isObject(choice) || !isString(choice.model) || !(choice.provider === undefined || isObject(choice.provider));
}

function malformedRule(choice: unknown): string {
  return ` must be a LanguageModel, or an object with model and provider${isOfAiSdk(choice) ? AI_SDK_HINT : ''}`;
}

function isOfAiSdk(choice: unknown): boolean {
  return isObject(choice) && isString(choice.specificationVersion);
}

function providerOf(nameOf: OptionName): string {
  return `${nameOf('model.apiKey')} or ${nameOf('model.baseUrl')}`;
}

function isOfDefaultProvider(fallback: ModelFallback, models: NonNullable<AgentModuleOptions['models']>): boolean {
  return fallback.provider === undefined && !Object.hasOwn(models, fallback.model);
}
