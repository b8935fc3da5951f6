import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliverySlots } from './delivery.slots.js';
import { HostBackoff } from './host.backoff.js';
import { WebhookClient, type WebhookOutcome } from './webhook.client.js';
import { WebhookSchedule } from './webhook.schedule.js';
import { type ClaimedWebhook, WebhooksRepository } from './webhooks.repository.js';
import { TasksModuleOptions } from '../tasks.options.js';

/** Delivers webhooks at least once, even if the process dies meanwhile. Tenants take turns. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(WebhookSender.name);
  readonly #stop = new AbortController();
  readonly #slots = new DeliverySlots();
  readonly #backoff: HostBackoff;
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> | undefined;
  #isPollRequested = false;
  /** Whether webhooks may be due that wait for the end of a delivery. */
  #hasWaiting = false;
  /** The tenant that was served last. */
  #lastTenant = '';

  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly client: WebhookClient,
    private readonly schedule: WebhookSchedule,
    private readonly options: TasksModuleOptions,
  ) {
    this.#backoff = new HostBackoff(schedule);
  }

  onApplicationBootstrap(): void {
    if (this.options.role === 'http' || this.options.webhookSecrets.length === 0) return;
    this.#timer = setInterval(() => this.poll(), this.schedule.pollIntervalMs);
    this.poll();
  }

  /** Runs after the running tasks have ended. Aborted deliveries are sent again later. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stop.abort();
    await this.#delivering;
    await this.#slots.ended();
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

  /** Claims the first due webhook of each tenant. Returns false if no further delivery can start. */
  async #claimDue(): Promise<boolean> {
    this.#hasWaiting = true;
    if (this.#slots.areFull || this.#stop.signal.aborted) return false;
    const { busyHosts } = this.#slots;
    const due = await this.webhooks.due(this.#lastTenant, busyHosts);
    const chosen = this.#slots.choose(due);
    const claimed = await Promise.all(chosen.map((row) => this.webhooks.claim(row)));
    for (const row of claimed) if (row) this.#startDelivery(row);
    this.#lastTenant = chosen.at(-1)?.tenant ?? this.#lastTenant;
    this.#hasWaiting = due.length > 0 || busyHosts.length > 0;
    return chosen.length > 0;
  }

  #startDelivery(row: ClaimedWebhook): void {
    const ended = this.#deliver(row);
    this.#slots.take(row, ended);
    void ended.then(() => this.#hasWaiting && this.poll());
  }

  async #deliver(row: ClaimedWebhook): Promise<void> {
    const startedMs = performance.now();
    // The clock of the database, which the claim has read.
    const clock = (): number => row.last_tried_at + Math.round(performance.now() - startedMs);
    try {
      await this.#settle(row, await this.#post(row), clock);
    } catch (cause) {
      // Its claim expires, and it is sent again.
      this.#logger.warn({ cause, run_id: row.run_id, msg: 'the outcome of a webhook could not be stored' });
    }
  }

  /** Returns undefined if the delivery was aborted. */
  async #post(row: ClaimedWebhook): Promise<WebhookOutcome | undefined> {
    if (await this.webhooks.isRevoked(row)) {
      return { type: 'refused', reason: 'the API key that submitted the task was revoked' };
    }
    try {
      // A missing trace must not prevent the delivery.
      const trace = await this.webhooks.traceOf(row).catch(() => undefined);
      return await this.client.post({ ...row, trace }, this.#stop.signal);
    } catch (failure) {
      if (this.#stop.signal.aborted) return undefined;
      throw failure;
    }
  }

  async #settle(row: ClaimedWebhook, outcome: WebhookOutcome | undefined, clock: () => number): Promise<void> {
    if (outcome === undefined) return await this.webhooks.release(row);
    const now = clock();
    const dueAt = this.#hostDueAt(row, outcome, now);
    const nextAt = this.#nextAt(row, outcome, now, dueAt);
    this.#log(row, outcome, nextAt);
    const lastError = outcome.type === 'delivered' ? null : outcome.reason;
    if (nextAt !== undefined) await this.webhooks.release(row, { next_at: nextAt, last_error: lastError });
    else await this.deliveries.finish(row, outcome.type === 'delivered' ? 'delivered' : 'given_up', lastError);
    if (dueAt === undefined) return;
    await this.#putOff(row, dueAt);
    this.#backoff.putOff(row, clock());
  }

  /** Returns when the next attempt is due; undefined: it was the last one. */
  #nextAt(row: ClaimedWebhook, outcome: WebhookOutcome, now: number, dueAt = 0): number | undefined {
    if (outcome.type !== 'failed') return undefined;
    const { attempts, first_tried_at: firstTriedAt } = row;
    const nextAt = this.schedule.nextAt({ attempts, firstTriedAt, now, retryAfterMs: outcome.retryAfterMs });
    return nextAt && Math.max(nextAt, dueAt);
  }

  /** Returns until when a host is put off that did not answer in time. */
  #hostDueAt(row: ClaimedWebhook, outcome: WebhookOutcome, now: number): number | undefined {
    if (outcome.type === 'failed' && outcome.by === 'timeout') {
      return this.#backoff.timedOut(row, row.last_tried_at, now);
    }
    if (outcome.type !== 'failed' || outcome.by === 'status') this.#backoff.answered(row);
    return undefined;
  }

  /** In small commits, so that other writes do not wait. */
  async #putOff(receiver: Pick<ClaimedWebhook, 'tenant' | 'host'>, dueAt: number): Promise<void> {
    while (!this.#stop.signal.aborted && (await this.webhooks.putOff(receiver, dueAt)));
  }
  #log({ run_id, host, attempts }: ClaimedWebhook, outcome: WebhookOutcome, nextAt: number | undefined): void {
    const about = { run_id, host, attempt: attempts };
    if (outcome.type === 'delivered') this.#logger.debug({ ...about, msg: 'a webhook was delivered' });
    else {
      const msg = nextAt === undefined ? 'a webhook was given up' : 'a webhook failed';
      this.#logger.warn({ ...about, reason: outcome.reason, msg });
    }
  }
}
