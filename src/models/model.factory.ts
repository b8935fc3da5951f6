import { FallbackModel } from './fallback.model.js';
import { LanguageModel } from './language.model.js';
import { ModelUpstream, type UpstreamModel } from './model.upstream.js';
import { OfflineModel } from './offline/offline.model.js';
import { OpenAIChatModel } from './openai/openai-chat.model.js';
import { OpenAIResponsesModel } from './openai/openai-responses.model.js';
import { OpenAITransport } from './openai/openai.transport.js';
import type { ProviderOptionNames } from './openai/provider.hint.js';
import { RoutedModel } from './routed.model.js';

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * A provider with one of OpenAI's APIs.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * // OpenAI itself, and as a fallback a model on this machine.
 * AgentModule.forRoot({
 *   model: { apiKey: process.env.OPENAI_API_KEY },
 *   fallbacks: [{ model: 'llama3.2', provider: { baseUrl: 'http://127.0.0.1:11434/v1' } }],
 * });
 */
export interface ModelProviderOptions {
  /** The key of the provider, sent as a bearer token. Default: no key is sent. */
  readonly apiKey?: string | undefined;
  /** The provider's URL. Includes the version, for example `http://127.0.0.1:11434/v1`. Default: OpenAI's own URL. */
  readonly baseUrl?: string | undefined;
  /** OpenAI's API that the provider has. Default: `responses` for OpenAI, `chat` for another base URL. */
  readonly api?: 'responses' | 'chat' | undefined;
  /** Your names of these options, such as those of variables. Hints of the log use them. Default: the names here. */
  readonly names?: ProviderOptionNames | undefined;
}

/** A model that has a name of yours. */
export interface NamedModel {
  /** The provider's name for the model. */
  readonly model: string;
  /** The provider of the model. Default: the provider of the option `model`. */
  readonly provider?: LanguageModel | ModelProviderOptions | undefined;
}

/** A model that is called if the one before it fails. */
export interface ModelFallback {
  /** The provider's name for the model; without `provider`, a name in the option `models` comes first. */
  readonly model: string;
  /** The provider of the model. Default: the provider of the option `model`. */
  readonly provider?: LanguageModel | ModelProviderOptions | undefined;
}

/** The options of the models module. */
export abstract class ModelsModuleOptions {
  abstract readonly model: LanguageModel | ModelProviderOptions;
  /** By the names that agents use. Default: none. */
  abstract readonly models?: Readonly<Record<string, LanguageModel | NamedModel>>;
  /** Tried in this order. Default: none. */
  abstract readonly fallbacks?: readonly ModelFallback[];
  /** Maximum open sockets to a provider. */
  abstract readonly connections: number;
  /** Whether failures show callers a hint about the settings of the provider, and its error code. Default: false. */
  abstract readonly areHintsShown?: boolean;
}

/**
 * Returns the host's own model, the adapter of its provider, or without a key and base URL the offline model. With names
 * for models it returns a RoutedModel, with fallbacks a FallbackModel.
 */
export function createModel(options: ModelsModuleOptions): LanguageModel {
  const { model, models = {}, fallbacks = [] } = options;
  const names = Object.entries(models);
  if (fallbacks.length === 0 && names.length === 0) return modelOf(model, options);
  const upstreams = new Upstreams(options);
  const own = upstreams.of(model);
  const routeOf = ({ model: name, provider = model }: NamedModel): UpstreamModel => {
    return { upstream: upstreams.of(provider), model: name };
  };
  const named = new Map(
    names.map(([name, each]) => [
      name,
      routeOf(each instanceof LanguageModel ? { model: name, provider: each } : each),
    ]),
  );
  const routes = { own, named };
  if (fallbacks.length === 0) return new RoutedModel(routes);
  const others = fallbacks.map((each) => (each.provider ? undefined : named.get(each.model)) ?? routeOf(each));
  return new FallbackModel(routes, others);
}

/** The upstreams of a module. Equal providers share one. */
class Upstreams {
  readonly #upstreams = new Map<string | LanguageModel, ModelUpstream>();

  constructor(private readonly options: ProviderDefaults) {}

  of(provider: LanguageModel | ModelProviderOptions): ModelUpstream {
    const identity = provider instanceof LanguageModel ? provider : settingsOf(provider);
    const existing = this.#upstreams.get(identity);
    if (existing) return existing;
    const usedNames = new Set([...this.#upstreams.values()].map(({ name }) => name));
    const upstream = new ModelUpstream(unusedName(nameOf(provider), usedNames), modelOf(provider, this.options));
    this.#upstreams.set(identity, upstream);
    return upstream;
  }
}

type ProviderDefaults = Pick<ModelsModuleOptions, 'connections' | 'areHintsShown'>;

function modelOf(model: LanguageModel | ModelProviderOptions, options: ProviderDefaults): LanguageModel {
  if (model instanceof LanguageModel) return model;
  if (isOffline(model)) return new OfflineModel(model.names);
  const { apiKey, baseUrl = OPENAI_URL, api, names } = model;
  const { connections, areHintsShown } = options;
  const transport = new OpenAITransport({ baseUrl, apiKey, connections, names, areHintsShown });
  const chosen = api ?? (isVendor(model) ? 'responses' : 'chat');
  return chosen === 'responses' ? new OpenAIResponsesModel(transport) : new OpenAIChatModel(transport);
}

/** Whether the offline model answers, because no provider is set. */
export function isOffline(model: LanguageModel | ModelProviderOptions): boolean {
  return !(model instanceof LanguageModel) && model.apiKey === undefined && model.baseUrl === undefined;
}

/** Whether the provider is OpenAI itself, or a model of the host, which decides by itself what it fetches. */
export function isVendor(provider: LanguageModel | ModelProviderOptions): boolean {
  if (provider instanceof LanguageModel || provider.baseUrl === undefined) return true;
  return URL.parse(provider.baseUrl)?.hostname === new URL(OPENAI_URL).hostname;
}

/** Equal settings are the same provider: they share the sockets, and the memory of refused parameters. */
function settingsOf({ apiKey, baseUrl, api }: ModelProviderOptions): string {
  return JSON.stringify([apiKey, baseUrl, api]);
}

/** The name in logs: the base URL without parts that may be secret. */
function nameOf(provider: LanguageModel | ModelProviderOptions): string {
  if (provider instanceof LanguageModel) return provider.provider;
  if (isOffline(provider)) return 'offline';
  const { origin, pathname } = new URL(provider.baseUrl ?? OPENAI_URL);
  return `${origin}${pathname}`.replace(/\/$/, '');
}

function unusedName(name: string, usedNames: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name} (${count})`;
    if (!usedNames.has(candidate)) return candidate;
  }
}
