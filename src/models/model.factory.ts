import { LanguageModel } from './language.model.js';
import { OfflineModel } from './offline.model.js';
import { OpenAIChatModel } from './openai-chat.model.js';
import { OpenAIResponsesModel } from './openai-responses.model.js';
import { OpenAITransport } from './openai.transport.js';

const OPENAI_URL = 'https://api.openai.com/v1';

/** A provider that speaks one of OpenAI's APIs. */
export interface ModelProviderOptions {
  /** Default: none is sent. */
  readonly apiKey?: string | undefined;
  /** With its version, for example `http://127.0.0.1:11434/v1`. Default: OpenAI's own. */
  readonly baseUrl?: string | undefined;
  /** Default: `responses` for OpenAI, `chat` for another base URL. */
  readonly api?: 'responses' | 'chat' | undefined;
}

/** Where the model comes from. */
export interface ModelSource {
  readonly model: LanguageModel | ModelProviderOptions;
  /** So many sockets to the provider may be open. */
  readonly connections: number;
}

/** The host's own model, the adapter of its provider, or with neither key nor base URL the offline model. */
export function createModel({ model, connections }: ModelSource): LanguageModel {
  if (model instanceof LanguageModel) return model;
  const { apiKey, baseUrl = OPENAI_URL, api } = model;
  if (apiKey === undefined && model.baseUrl === undefined) return new OfflineModel();
  const transport = new OpenAITransport({ baseUrl, apiKey, connections });
  const isOpenAI = new URL(baseUrl).hostname === new URL(OPENAI_URL).hostname;
  const chosen = api ?? (isOpenAI ? 'responses' : 'chat');
  return chosen === 'responses' ? new OpenAIResponsesModel(transport) : new OpenAIChatModel(transport);
}
