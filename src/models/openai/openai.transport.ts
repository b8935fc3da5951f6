import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { APIError } from 'openai/error';
import { Pool, type Dispatcher } from 'undici';
import { AgentError } from '../../errors/agent.error.js';
import { isObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelCall } from '../language.model.js';
import { retryDelayMs, toAgentError } from './provider.failure.js';

const RETRIES = { most: 2, longestWaitMs: Infinity };
const CONNECT_TIMEOUT_MS = 10_000;
/** Far above any answer. Keeps a broken provider from filling the memory. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface OpenAIEndpoint {
  /** Includes the version, for example `https://api.openai.com/v1`; a query string is kept. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Maximum sockets to the provider: at least the maximum of concurrent runs. */
  readonly connections: number;
}

type Answer = Dispatcher.ResponseData;

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

  constructor({ baseUrl, apiKey, connections }: OpenAIEndpoint) {
    const url = new URL(baseUrl);
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#query = url.search;
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

  /** Sends a request and returns the body of the answer. @throws AgentError */
  async text(path: string, body: object, call: ModelCall): Promise<string> {
    const answer = await this.#open(path, body, call);
    return await answer.body.text().catch((failure: unknown) => {
      throw failureOf(failure, call);
    });
  }

  /** Sends a request and yields the `data` of server-sent events, in batches as they arrive. @throws AgentError */
  async *events(path: string, body: object, call: ModelCall): AsyncGenerator<readonly string[]> {
    const answer = await this.#open(path, body, call);
    if (!String(answer.headers['content-type']).startsWith('text/event-stream')) {
      answer.body.destroy();
      throw new AgentError('model_error', { detail: 'The model provider did not answer with a stream.' });
    }
    const arrived: string[] = [];
    const parser = createParser({ onEvent: ({ data }) => arrived.push(data) });
    const decoder = new TextDecoder();
    const chunks: AsyncIterable<unknown> = answer.body;
    try {
      for await (const bytes of chunks) {
        if (bytes instanceof Uint8Array) parser.feed(decoder.decode(bytes, { stream: true }));
        if (arrived.length > 0) yield arrived.splice(0);
      }
    } catch (failure) {
      throw failureOf(failure, call);
    } finally {
      answer.body.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Returns the answer's head. Retries transient failures within the deadline. */
  async #open(path: string, body: object, call: ModelCall): Promise<Answer> {
    const payload = JSON.stringify(body);
    const { most, longestWaitMs } = call.retries ?? RETRIES;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#post(path, payload, call);
      } catch (failure) {
        call.signal.throwIfAborted();
        const delayMs = retryDelayMs(failure, attempt);
        const isWorthIt =
          attempt < most &&
          delayMs !== undefined &&
          delayMs <= longestWaitMs &&
          performance.now() + delayMs < call.deadlineAt;
        if (!isWorthIt) throw toAgentError(failure);
        await sleep(delayMs, undefined, { signal: call.signal }).catch(() => call.signal.throwIfAborted());
      }
    }
  }

  async #post(path: string, payload: string, { signal, traceHeaders }: ModelCall): Promise<Answer> {
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

async function toProviderRefusal(answer: Answer): Promise<APIError> {
  const headers = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  const body = tryParseJson(await answer.body.text());
  return APIError.generate(answer.statusCode, isObject(body) ? body : undefined, undefined, headers);
}

/** The error for a failure during an answer: the abort's reason, or a failure of the provider. */
function failureOf(failure: unknown, { signal }: ModelCall): unknown {
  return signal.aborted ? signal.reason : toAgentError(failure);
}
