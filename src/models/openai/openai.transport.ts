import { APIError } from 'openai/error';
import { Pool } from 'undici';
import { isObject, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelCall } from '../language.model.js';
import { AgentError } from '../../errors/agent.error.js';
import { headersOf, toAgentError } from './provider.failure.js';
import { ProviderFault } from './provider.fault.js';
import { type ConfiguredProvider, OPTION_NAMES, type ProviderOptionNames, withHint } from './provider.hint.js';
import { type AnswerHead, type AnswerHeaders, ProviderBody } from './provider.body.js';
import { ProviderStream } from './provider.stream.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Far above any answer. Keeps a broken provider from filling the memory. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_REFUSAL_CHARS = 10_000;

/** Blanks, and the bytes of a byte order mark. */
const BLANKS = new Set(Buffer.from(' \t\n\v\f\r\uFEFF'));
const BRACKETS = new Set(Buffer.from('[{<'));
const BYTE_ORDER_MARK = '\uFEFF';

export interface OpenAIEndpoint {
  /** Includes the version, for example `https://api.openai.com/v1`; a query string is kept. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Maximum sockets to the provider: at least the maximum of concurrent runs. */
  readonly connections: number;
  /** The operator's names of these options, for hints. Default: those of this package. */
  readonly names?: ProviderOptionNames | undefined;
  /** Whether answers to callers have hints. Default: false. */
  readonly areHintsShown?: boolean | undefined;
}

/** An answer with the status 200. */
export interface ProviderResponse {
  readonly headers: AnswerHeaders;
  /** The events of a stream, or the body. */
  readonly content: ProviderStream | string;
}

interface Answer {
  readonly head: AnswerHead;
  readonly body: ProviderBody;
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
  readonly #configured: ConfiguredProvider;

  constructor({ baseUrl, apiKey, connections, names = OPTION_NAMES, areHintsShown = false }: OpenAIEndpoint) {
    const url = new URL(baseUrl);
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#query = url.search;
    this.name = `${url.origin}${this.#basePath}`;
    this.#configured = { names, areHintsShown, hasKey: apiKey !== undefined, hasPath: this.#basePath !== '' };
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
      return { headers: answer.head.headers, content: await contentOf(answer.body) };
    } catch (failure) {
      throw failureOf(failure, call);
    }
  }

  /** The failure with a hint about the settings of this provider, if they may be the reason. */
  explain(failure: unknown): unknown {
    if (!(failure instanceof AgentError) || !(failure.cause instanceof ProviderFault)) return failure;
    return withHint(failure, this.#configured, failure.cause);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Resolves with an answer that has the status 200. */
  async #post(path: string, payload: string, { signal, traceHeaders }: ModelCall): Promise<Answer> {
    const body = new ProviderBody(signal);
    this.#pool.dispatch(
      {
        method: 'POST',
        path: `${this.#basePath}${path}${this.#query}`,
        headers: traceHeaders ? { ...this.#headers, ...traceHeaders } : this.#headers,
        body: payload,
      },
      body,
    );
    const head = await body.head();
    if (head.status === 200) return { head, body };
    throw await toProviderRefusal({ head, body });
  }
}

/**
 * The content by what it is: some providers give the wrong type, or none. JSON and pages begin with a bracket; a stream
 * begins with the name of a field, or with a comment.
 */
async function contentOf(body: ProviderBody): Promise<ProviderStream | string> {
  const begin: Uint8Array[] = [];
  for (let chunks = await body.next(); chunks.length > 0; chunks = await body.next()) {
    begin.push(...chunks);
    const first = firstByteOf(chunks);
    if (first === undefined) continue;
    if (!BRACKETS.has(first)) return new ProviderStream(body, begin);
    break;
  }
  return textOf([...begin, ...(await body.rest())]);
}

/** The first byte other than a blank; undefined: all are blanks. */
function firstByteOf(chunks: readonly Uint8Array[]): number | undefined {
  for (const chunk of chunks) {
    const first = chunk.find((byte) => !BLANKS.has(byte));
    if (first !== undefined) return first;
  }
  return undefined;
}

async function toProviderRefusal({ head, body }: Answer): Promise<APIError> {
  const text = textOf(await body.rest());
  const parsed = tryParseJson(text);
  // Google wraps its error into a list.
  const answered: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = isObject(answered) ? errorIn(answered) : { message: text.slice(0, MAX_REFUSAL_CHARS) };
  return new APIError(head.status, error, undefined, headersOf(head.headers));
}

function textOf(chunks: readonly Uint8Array[]): string {
  const text = Buffer.concat(chunks).toString();
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function errorIn(body: JsonObject): JsonObject {
  const error = body.error ?? body;
  return isObject(error) ? error : { ...body, message: error };
}

/** The error for a failure during an answer: the abort's reason, or a failure of the provider. */
export function failureOf(failure: unknown, { signal }: ModelCall): unknown {
  return signal.aborted ? signal.reason : toAgentError(failure);
}
