import { APIError } from 'openai/error';
import { Pool, type Dispatcher } from 'undici';
import { isObject, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelCall } from '../language.model.js';
import { headersOf, toAgentError } from './provider.failure.js';
import { type AnswerHeaders, ProviderStream } from './provider.stream.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Far above any answer. Keeps a broken provider from filling the memory. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_REFUSAL_CHARS = 10_000;

/** Blanks, and the bytes of a byte order mark. */
const BLANKS = new Set(Buffer.from(' \t\n\v\f\r\uFEFF'));
const BRACKETS = new Set(Buffer.from('[{<'));
const UTF_8 = new TextDecoder();

export interface OpenAIEndpoint {
  /** Includes the version, for example `https://api.openai.com/v1`; a query string is kept. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Maximum sockets to the provider: at least the maximum of concurrent runs. */
  readonly connections: number;
}

/** An answer with the status 200. */
export interface ProviderResponse {
  readonly headers: AnswerHeaders;
  /** The events of a stream, or the body. */
  readonly content: ProviderStream | string;
}

/**
 * HTTP to an OpenAI-compatible provider, with undici directly: the client of the `openai` package costs four times its
 * CPU, most of it in the global fetch. Only its types and errors are used.
 */
export class OpenAITransport {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #query: string;
  readonly #headers: Record<string, string>;
  /** Any other provider with OpenAI's API counts as `openai`. */
  readonly provider: 'openai' | 'azure.ai.openai';
  /** The base URL without what may be secret. */
  readonly name: string;

  constructor({ baseUrl, apiKey, connections }: OpenAIEndpoint) {
    const url = new URL(baseUrl);
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#query = url.search;
    this.name = `${url.origin}${this.#basePath}`;
    this.provider = url.hostname.endsWith('.azure.com') ? 'azure.ai.openai' : 'openai';
    this.#headers = { 'content-type': 'application/json' };
    // Azure reads keys from its own header.
    if (apiKey !== undefined && this.provider !== 'openai') this.#headers['api-key'] = apiKey;
    else if (apiKey !== undefined) this.#headers.authorization = `Bearer ${apiKey}`;
    this.#pool = new Pool(url.origin, {
      connections,
      // The run's deadline ends a call: a silent provider may think for a long time.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /**
   * Sends a request once. Providers may answer a request for a stream with a whole answer, and the other way round.
   *
   * @throws AgentError, or the signal's reason.
   */
  async send(path: string, body: object, call: ModelCall): Promise<ProviderResponse> {
    call.signal.throwIfAborted();
    try {
      const answer = await this.#post(path, JSON.stringify(body), call);
      return { headers: answer.headers, content: await contentOf(answer) };
    } catch (failure) {
      throw failureOf(failure, call);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #post(path: string, payload: string, { signal, traceHeaders }: ModelCall): Promise<Dispatcher.ResponseData> {
    const answer = await this.#pool.request({
      method: 'POST',
      path: `${this.#basePath}${path}${this.#query}`,
      headers: traceHeaders ? { ...this.#headers, ...traceHeaders } : this.#headers,
      body: payload,
      signal,
    });
    // Without a listener, an error of an abandoned answer would end the process.
    answer.body.on('error', () => undefined);
    if (answer.statusCode === 200) return answer;
    throw await toProviderRefusal(answer);
  }
}

/**
 * The content by what it is: some providers give the wrong type, or none. JSON and pages begin with a bracket; a stream
 * begins with the name of a field, or with a comment.
 */
async function contentOf({ body }: Dispatcher.ResponseData): Promise<ProviderStream | string> {
  const chunks: AsyncIterator<unknown, unknown> = body[Symbol.asyncIterator]();
  const all: Uint8Array[] = [];
  let isWhole = false;
  for (let step = await chunks.next(); step.done !== true; step = await chunks.next()) {
    if (!(step.value instanceof Uint8Array)) continue;
    all.push(step.value);
    if (isWhole) continue;
    const first = step.value.find((byte) => !BLANKS.has(byte));
    if (first === undefined) continue;
    isWhole = BRACKETS.has(first);
    if (!isWhole) return new ProviderStream(body, chunks, Buffer.concat(all));
  }
  return UTF_8.decode(Buffer.concat(all));
}

async function toProviderRefusal({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<APIError> {
  const text = await body.text();
  const parsed = tryParseJson(text);
  // Google wraps its error into a list.
  const answered: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = isObject(answered) ? errorIn(answered) : { message: text.slice(0, MAX_REFUSAL_CHARS) };
  return new APIError(statusCode, error, undefined, headersOf(headers));
}

function errorIn(body: JsonObject): JsonObject {
  const error = body.error ?? body;
  return isObject(error) ? error : { ...body, message: error };
}

/** The error for a failure during an answer: the abort's reason, or a failure of the provider. */
export function failureOf(failure: unknown, { signal }: ModelCall): unknown {
  return signal.aborted ? signal.reason : toAgentError(failure);
}
