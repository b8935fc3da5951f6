import { isNativeError } from 'node:util/types';
import { SpanKind } from '@opentelemetry/api';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, type Dispatcher, errors } from 'undici';
import { ATTRIBUTE } from '../../telemetry/semantic.names.js';
import { OpenSpan, storedContextOf, type TraceHeaders } from '../../telemetry/spans.js';
import { PER_HOST } from './delivery.slots.js';
import type { WebhookRow } from './webhooks.repository.js';
import { WebhookSchedule } from './webhook.schedule.js';
import { type SignedWebhook, WebhookSigner } from './webhook.signer.js';
import { TargetRefused, WebhookTargets } from './webhook.targets.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Bytes of a response that are read, so that its connection can be reused. */
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_REASON_LENGTH = 300;
/** The only date format that senders may write. `Date.parse` would read others, such as `1.5`, as some year. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const HTTP_GONE = 410;

/** The outcome of one delivery attempt. */
export type WebhookOutcome =
  | { readonly type: 'delivered' }
  /** Another attempt would not help. */
  | { readonly type: 'refused'; readonly reason: string }
  | {
      readonly type: 'failed';
      readonly by: 'status' | 'timeout' | 'connection';
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
    };

/** A webhook to post, and the number of this attempt. */
export interface PostedWebhook extends SignedWebhook, Pick<WebhookRow, 'url' | 'attempts'> {
  /** Trace of the request that submitted the task. */
  readonly trace?: TraceHeaders | undefined;
}

/** Posts webhooks with Standard Webhooks signatures. Does not follow redirects. */
@Injectable()
export class WebhookClient implements OnApplicationShutdown {
  readonly #agent: Agent;

  constructor(
    private readonly targets: WebhookTargets,
    private readonly schedule: WebhookSchedule,
    private readonly signer: WebhookSigner,
  ) {
    this.#agent = new Agent({
      connections: PER_HOST,
      connect: { lookup: targets.lookup, timeout: CONNECT_TIMEOUT_MS },
    });
  }

  /** @throws the abort reason of `signal`. */
  async post(row: PostedWebhook, signal: AbortSignal): Promise<WebhookOutcome> {
    const url = this.#targetOf(row);
    if (url === undefined) return { type: 'refused', reason: 'webhook_url is not allowed' };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.schedule.attemptTimeoutMs)]);
    const span = spanOf(row, url);
    try {
      const answer = await this.#agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { ...this.#headers(row), ...span.headers },
        body: row.body,
        signal: limit,
      });
      answer.body.dump({ limit: MAX_ANSWER_BYTES, signal: limit }).catch(() => undefined);
      endSpan(span, answer.statusCode);
      return this.#outcomeOf(answer);
    } catch (failure) {
      span.fail(failure);
      signal.throwIfAborted();
      const isLate = limit.aborted || failure instanceof errors.ConnectTimeoutError;
      return { type: 'failed', by: isLate ? 'timeout' : 'connection', reason: storable(reasonOf(failure)) };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Returns undefined if the URL is not allowed, or no longer allowed: the settings may have changed. */
  #targetOf({ url }: Pick<WebhookRow, 'url'>): URL | undefined {
    try {
      return this.targets.parse(url);
    } catch (failure) {
      if (failure instanceof TargetRefused) return undefined;
      throw failure;
    }
  }

  #headers(webhook: SignedWebhook): Record<string, string> {
    const at = new Date(this.schedule.now());
    const signature = this.signer.sign(webhook, at);
    return {
      'content-type': 'application/json',
      'user-agent': 'rookery',
      'webhook-id': webhook.run_id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      ...(signature !== undefined && { 'webhook-signature': signature }),
    };
  }

  #outcomeOf({ statusCode, headers }: Dispatcher.ResponseData): WebhookOutcome {
    if (statusCode >= 200 && statusCode < 300) return { type: 'delivered' };
    const reason = `status ${statusCode}`;
    if (statusCode === HTTP_GONE) return { type: 'refused', reason };
    return { type: 'failed', by: 'status', reason, retryAfterMs: this.#retryAfterMs(headers['retry-after']) };
  }

  /** Parses seconds or a date. */
  #retryAfterMs(header: string | string[] | undefined): number | undefined {
    if (typeof header !== 'string') return undefined;
    if (!/^\d+$/.test(header) && !IMF_FIXDATE.test(header)) return undefined;
    const delayMs = IMF_FIXDATE.test(header) ? Date.parse(header) - this.schedule.now() : Number(header) * 1000;
    return delayMs > 0 ? delayMs : undefined;
  }
}

function reasonOf(failure: unknown): string {
  return isNativeError(failure) || failure instanceof DOMException ? failure.message : 'no answer';
}

/** A certificate of the receiver may put any names into the message. PostgreSQL stores no NUL. */
function storable(reason: string): string {
  return reason.replaceAll('\0', ' ').slice(0, MAX_REASON_LENGTH).toWellFormed();
}

/** Records only host and port of the URL: the rest may be secret. */
function spanOf({ run_id, attempts, trace }: PostedWebhook, { protocol, hostname, port }: URL): OpenSpan {
  return new OpenSpan({
    name: 'POST',
    kind: SpanKind.CLIENT,
    parent: storedContextOf(trace),
    attributes: {
      [ATTRIBUTE.method]: 'POST',
      [ATTRIBUTE.serverAddress]: hostname,
      [ATTRIBUTE.serverPort]: Number(port) || (protocol === 'https:' ? 443 : 80),
      [ATTRIBUTE.run]: run_id,
      ...(attempts > 1 && { [ATTRIBUTE.resend]: attempts - 1 }),
    },
  });
}

function endSpan(span: OpenSpan, status: number): void {
  span.note(() => ({ [ATTRIBUTE.status]: status }));
  if (status >= 400) span.failWith(String(status));
  else span.end();
}
