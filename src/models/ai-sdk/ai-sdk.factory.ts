import { isObject, isString } from '../../json/json.object.js';
import type { LanguageModel } from '../language.model.js';
import { AiSdkModel, type AiSdkOptions } from './ai-sdk.model.js';
import type { AiSdkLanguageModel } from './ai-sdk.port.js';

const ENDPOINT = /^[^\p{C}]{1,200}$/u;
const VERSIONS: ReadonlySet<unknown> = new Set(['v3', 'v4']);

/**
 * Makes a language model of the Vercel AI SDK a model of this package: `@ai-sdk/anthropic`, `@ai-sdk/google`,
 * `@ai-sdk/amazon-bedrock` and all other providers. Callers and prices see the model that the provider names in its
 * answer. Warnings of the provider are logged once each.
 *
 * It keeps the data that the provider expects back, such as signatures of thoughts. Later requests to that provider return it.
 * Tools of the provider itself stay with the provider.
 *
 * @param model of the specification `v4`, which AI SDK 7 has, or `v3`, which AI SDK 6 has.
 * @param options `endpoint` distinguishes endpoints of one provider with equal models.
 * @throws TypeError if the model has another specification, or an option is invalid. The message says what to change.
 * @example
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { AgentModule } from 'rookery';
 * import { fromAiSdk } from 'rookery/ai-sdk';
 *
 * AgentModule.forRoot({ models: { claude: fromAiSdk(anthropic('claude-sonnet-4-5')) }, defaultModel: 'claude' });
 */
export function fromAiSdk(model: AiSdkLanguageModel, options: AiSdkOptions = {}): LanguageModel {
  assertSupported(model);
  assertOptions(options);
  return new AiSdkModel(model, options);
}

function assertOptions({ endpoint, ...others }: AiSdkOptions): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`fromAiSdk has no option ${unknown}. Its option is endpoint.`);
  if (endpoint === undefined || (isString(endpoint) && ENDPOINT.test(endpoint))) return;
  throw new TypeError('The option endpoint of fromAiSdk needs 1 to 200 printable characters.');
}

/** The types say so already, but not to applications in JavaScript and with other versions of the package. */
function assertSupported(model: unknown): void {
  if (!isObject(model)) {
    throw new TypeError(`fromAiSdk needs a model, such as anthropic('claude-sonnet-4-5'), not ${nameOf(model)}.`);
  }
  const { specificationVersion: version, provider, modelId } = model;
  if (VERSIONS.has(version)) return;
  throw new TypeError(
    `The model ${String(modelId)} of ${String(provider)} has the AI SDK's specification ${nameOf(version)}, but ` +
      'fromAiSdk needs v3 or v4. Update the package of the provider to a version for AI SDK 6 or later.',
  );
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value;
}
