import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { PER_HOST, WebhookClient, type WebhookOutcome } from './webhook.client.js';
import { WebhookSchedule } from './webhook.schedule.js';
import { type ClaimedWebhook, WebhooksRepository } from './webhooks.repository.js';
import { TasksModuleOptions } from '../tasks.options.js';

/** Concurrent deliveries in this process. */
const CONCURRENCY = 8;

/** Delivers webhooks at least once, even if the process dies meanwhile. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(WebhookSender.name);
  readonly #stop = new AbortController();
  readonly #sending = new Map<string, { readonly host: string; readonly ended: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> | undefined;
  #isPollRequested = false;

  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly client: WebhookClient,
    private readonly schedule: WebhookSchedule,
    private readonly options: TasksModuleOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.role === 'http' || !this.client.isReady) return;
    this.#timer = setInterval(() => this.poll(), this.schedule.pollIntervalMs);
    this.poll();
  }

  /** Runs after the running tasks have ended. Aborted deliveries are sent again later. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stop.abort();
    await this.#delivering;
    await Promise.all([...this.#sending.values()].map(({ ended }) => ended));
  }

  /** Checks for due webhooks now. */
  poll(): void {
    if (this.#timer === undefined) return;
    this.#isPollRequested = true;
    this.#delivering ??= this.#deliverDue().finally(() => (this.#delivering = undefined));
  }

  async #deliverDue(): Promise<void> {
    try {
      while (this.#isPollRequested) {
        this.#isPollRequested = false;
        while (await this.#claimDue());
      }
    } catch (cause) {
      this.#logger.warn({ cause, msg: 'the due webhooks could not be read' });
    }
  }

  /** Claims as many webhooks as there are free slots. Returns false if no further delivery can start. */
  async #claimDue(): Promise<boolean> {
    const slots = CONCURRENCY - this.#sending.size;
    if (slots <= 0 || this.#stop.signal.aborted) return false;
    const hosts = [...this.#sending.values()].map(({ host }) => host);
    const countOf = (host: string) => hosts.filter((other) => other === host).length;
    const rows = await this.webhooks.due(
      slots,
      hosts.filter((host) => countOf(host) >= PER_HOST),
    );
    const chosen = rows.filter(({ host }) => countOf(host) < PER_HOST && hosts.push(host));
    const claimed = await Promise.all(chosen.map((row) => this.webhooks.claim(row)));
    for (const row of claimed) if (row) this.#startDelivery(row);
    return rows.length > 0;
  }

  #startDelivery(row: ClaimedWebhook): void {
    const ended = this.#deliver(row).finally(() => {
      this.#sending.delete(row.run_id);
      this.poll();
    });
    this.#sending.set(row.run_id, { host: row.host, ended });
  }

  async #deliver(row: ClaimedWebhook): Promise<void> {
    try {
      await this.#settle(row, await this.#post(row));
    } catch (cause) {
      // Its claim expires, and it is sent again.
      this.#logger.warn({ cause, run_id: row.run_id, msg: 'the outcome of a webhook could not be stored' });
    }
  }

  /** Returns undefined if the delivery was aborted. */
  async #post(row: ClaimedWebhook): Promise<WebhookOutcome | undefined> {
    try {
      // A missing trace must not prevent the delivery.
      const trace = await this.webhooks.traceOf(row).catch(() => undefined);
      return await this.client.post({ ...row, trace }, this.#stop.signal);
    } catch (failure) {
      if (this.#stop.signal.aborted) return undefined;
      throw failure;
    }
  }

  async #settle(row: ClaimedWebhook, outcome: WebhookOutcome | undefined): Promise<void> {
    const { run_id, host, attempts, first_tried_at: firstTriedAt } = row;
    const about = { run_id, host, attempt: attempts };
    switch (outcome?.type) {
      case undefined:
        return await this.webhooks.release(row);
      case 'delivered':
        this.#logger.debug({ ...about, msg: 'a webhook was delivered' });
        return await this.webhooks.remove(row);
      case 'refused':
        this.#logger.warn({ ...about, reason: outcome.reason, msg: 'a webhook was given up' });
        return await this.webhooks.remove(row);
      case 'failed': {
        const { reason, retryAfterMs } = outcome;
        const nextAt = this.schedule.nextAt({ attempts, firstTriedAt, retryAfterMs });
        const isLast = nextAt === undefined;
        this.#logger.warn({ ...about, reason, msg: isLast ? 'a webhook was given up' : 'a webhook failed' });
        return await (isLast ? this.webhooks.remove(row) : this.webhooks.release(row, { next_at: nextAt }));
      }
    }
  }
}
