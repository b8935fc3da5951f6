import { Injectable, Logger } from '@nestjs/common';
import { AccessAudit } from '../../auth/access.audit.js';
import { authFailureOf } from '../../auth/auth.failure.js';
import { CallerNames } from '../../auth/caller.names.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';

const MINUTE_MS = 60_000;
/** Addresses with a line of their own in a minute. All others share one. */
const MAX_ADDRESSES = 1000;
const OTHERS = 'others';

/** Counts, logs and audits failed authentications. An address has one line in a minute. */
@Injectable()
export class AuthFailureLog {
  readonly #logger = new Logger(AuthFailureLog.name);
  /** The failures of this minute that are not logged, by network. */
  readonly #unlogged = new Map<string, number>();
  #minute = 0;

  constructor(
    private readonly metrics: AgentMetrics,
    private readonly names: CallerNames,
    private readonly access: AccessAudit,
  ) {}

  /**
   * Notes a failure. Does not wait for the audit.
   *
   * @param network the address, or the network that counts as one address.
   */
  add(network: string, failure: unknown): void {
    const facts = authFailureOf(failure);
    this.metrics.countAuthFailure(facts.reason);
    void this.access.failed(facts);
    this.#startMinute();
    const isFull = this.#unlogged.size >= MAX_ADDRESSES && !this.#unlogged.has(network);
    const name = isFull ? OTHERS : network;
    const unlogged = this.#unlogged.get(name);
    this.#unlogged.set(name, unlogged === undefined ? 0 : unlogged + 1);
    if (unlogged !== undefined) return;
    this.#logger.warn({
      address: this.names.addressOf(name),
      reason: facts.reason,
      key_id: facts.key?.id,
      msg: 'authentication failed',
    });
  }

  /** Tells how many failures of the last minute had no line. */
  #startMinute(): void {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (minute === this.#minute) return;
    const failures = [...this.#unlogged.values()].reduce((sum, count) => sum + count, 0);
    if (failures > 0) {
      this.#logger.warn({ failures, addresses: this.#unlogged.size, msg: 'more authentications failed' });
    }
    this.#unlogged.clear();
    this.#minute = minute;
  }
}
