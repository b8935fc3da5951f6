import type { ModelFallback, ModelProviderOptions } from '../../index.js';
import type { SettingFault } from './setting.fault.js';
import { listOf } from './setting.rules.js';

/** The name of the primary provider, with the settings `OPENAI_*`. */
const OWN_PROVIDER = 'OPENAI';
const PROVIDER = /^[A-Z][A-Z0-9_]*$/;
const APIS = ['responses', 'chat'] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** The parsed fallback settings, and the faults of their form. */
export interface FallbackSettings {
  readonly fallbacks: readonly ModelFallback[];
  /** The provider of each fallback, by which its variables are prefixed. */
  readonly providers: readonly string[];
  readonly faults: readonly SettingFault[];
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
  const faults = listFaults(named, variables);
  const providers = new Map([...names].map((name) => [name, providerOf(name, variables, faults)]));
  return {
    fallbacks: named.map(({ model, provider }) => ({ model, provider: providers.get(provider) })),
    providers: named.map(({ provider }) => provider),
    faults,
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

function listFaults(named: readonly Named[], { FALLBACK_MODELS }: Variables): SettingFault[] {
  if (named.every(isWellNamed)) return [];
  const message =
    'FALLBACK_MODELS must be a comma-separated list of models, each alone or with a provider in capital letters, ' +
    `such as gpt-4o-mini,llama3.2@LOCAL, not "${FALLBACK_MODELS}"`;
  return [{ variable: 'FALLBACK_MODELS', message }];
}

/** The settings of a provider. Adds their faults. */
function providerOf(name: string, variables: Variables, faults: SettingFault[]): ModelProviderOptions {
  const [baseVariable, apiVariable] = [`${name}_BASE_URL`, `${name}_MODEL_API`];
  const baseUrl = variables[baseVariable];
  const given = variables[apiVariable];
  const api = APIS.find((each) => each === given);
  if (baseUrl === undefined) {
    const message = `FALLBACK_MODELS names the provider ${name}, which needs ${baseVariable}`;
    faults.push({ variable: baseVariable, message });
  }
  if (given !== undefined && api === undefined) {
    const message = `${apiVariable} must be one of the following values: ${APIS.join(', ')}, not "${given}"`;
    faults.push({ variable: apiVariable, message });
  }
  return { baseUrl, apiKey: variables[`${name}_API_KEY`], api };
}
