import type { ModelFallback, ModelProviderOptions } from '../../index.js';
import { isHttpUrl, isKey, listOf } from './setting.rules.js';

const MAX_FALLBACKS = 10;
/** The name of the primary provider, with the settings `OPENAI_*`. */
const OWN_PROVIDER = 'OPENAI';
const PROVIDER = /^[A-Z][A-Z0-9_]*$/;
const APIS = ['responses', 'chat'] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** The parsed fallback settings, and their faults. */
export interface FallbackSettings {
  readonly fallbacks: readonly ModelFallback[];
  readonly faults: readonly string[];
}

/** One item of `FALLBACK_MODELS`. */
interface Named {
  readonly model: string;
  readonly provider: string;
}

/** Reads `FALLBACK_MODELS` and the settings of each provider, which are prefixed with its name. */
export function readFallbacks(variables: Variables): FallbackSettings {
  const named = listOf(variables.FALLBACK_MODELS ?? '').map(parsed);
  const names = new Set(named.filter(isWellNamed).map(({ provider }) => provider));
  names.delete(OWN_PROVIDER);
  const providers = new Map([...names].map((name) => [name, providerOf(name, variables)]));
  return {
    fallbacks: named.map(({ model, provider }) => ({ model, provider: providers.get(provider) })),
    faults: [...listFaults(named, variables), ...[...names].flatMap((name) => providerFaults(name, variables))],
  };
}

/** Splits `model@PROVIDER`. A leading `@` may belong to the model name. */
function parsed(item: string): Named {
  const at = item.lastIndexOf('@');
  const provider = item.slice(at + 1);
  const isBare = at === -1 || (at === 0 && !PROVIDER.test(provider));
  return isBare ? { model: item, provider: OWN_PROVIDER } : { model: item.slice(0, at), provider };
}

function isWellNamed({ model, provider }: Named): boolean {
  return /^\S+$/.test(model) && PROVIDER.test(provider);
}

function listFaults(named: readonly Named[], variables: Variables): string[] {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, FALLBACK_MODELS } = variables;
  if (named.length === 0) return [];
  const faults = [];
  if (OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined) {
    faults.push('FALLBACK_MODELS needs OPENAI_API_KEY or OPENAI_BASE_URL: the offline model does not fail');
  }
  if (named.length > MAX_FALLBACKS) {
    faults.push(`FALLBACK_MODELS must name at most ${MAX_FALLBACKS} models, not ${named.length}`);
  }
  const items = named.map(({ model, provider }) => `${model}@${provider}`);
  if (new Set(items).size < items.length) faults.push('FALLBACK_MODELS must not repeat a model');
  if (!named.every(isWellNamed)) {
    faults.push(
      'FALLBACK_MODELS must be a comma-separated list of models, each alone or with a provider in capital letters, ' +
        `such as gpt-4o-mini,llama3.2@LOCAL, not "${FALLBACK_MODELS}"`,
    );
  }
  return faults;
}

function providerOf(name: string, variables: Variables): ModelProviderOptions {
  const { baseUrl, apiKey, api } = settingsOf(name, variables);
  return { baseUrl, apiKey, api: APIS.find((each) => each === api) };
}

function providerFaults(name: string, variables: Variables): string[] {
  const { baseUrl, apiKey, api } = settingsOf(name, variables);
  const faults = [];
  if (baseUrl === undefined) faults.push(`FALLBACK_MODELS names the provider ${name}, which needs ${name}_BASE_URL`);
  // The value is not printed: URLs may contain passwords.
  else if (!isHttpUrl(baseUrl)) faults.push(`${name}_BASE_URL must be an http or https URL`);
  if (apiKey !== undefined && !isKey(apiKey))
    faults.push(`${name}_API_KEY must be printable ASCII characters without spaces`);
  if (api !== undefined && !APIS.some((each) => each === api)) {
    faults.push(`${name}_MODEL_API must be one of the following values: ${APIS.join(', ')}, not "${api}"`);
  }
  return faults;
}

function settingsOf(name: string, variables: Variables) {
  return {
    baseUrl: variables[`${name}_BASE_URL`],
    apiKey: variables[`${name}_API_KEY`],
    api: variables[`${name}_MODEL_API`],
  };
}
