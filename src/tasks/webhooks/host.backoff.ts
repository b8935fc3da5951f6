import type { WebhookRow } from './webhooks.repository.js';
import type { WebhookSchedule } from './webhook.schedule.js';

/** A receiver of one tenant. A tenant must not delay the webhooks of others by a slow path of a host that they share. */
type Receiver = Pick<WebhookRow, 'tenant' | 'host'>;

/** Receivers to remember. The one that timed out first is forgotten first. */
const MAX_RECEIVERS = 10_000;

/** Puts off receivers that time out, for longer each time until they answer. Each process counts for itself. */
export class HostBackoff {
  readonly #silent = new Map<string, { readonly timeouts: number; readonly at: number; readonly dueAt: number }>();

  constructor(private readonly schedule: Pick<WebhookSchedule, 'hostDueAt'>) {}

  /**
   * Records a timeout. Attempts that began before the webhooks were put off count as one.
   *
   * @param startedAt epoch milliseconds of the start of the attempt, by the same clock as `now`.
   * @returns epoch milliseconds from which the receiver may be tried again.
   */
  timedOut(receiver: Receiver, startedAt: number, now: number): number {
    const name = nameOf(receiver);
    const last = this.#silent.get(name);
    if (last && startedAt <= last.at) return last.dueAt;
    const timeouts = (last?.timeouts ?? 0) + 1;
    const dueAt = this.schedule.hostDueAt(timeouts, now);
    this.#silent.delete(name);
    this.#silent.set(name, { timeouts, at: now, dueAt });
    for (const oldest of this.#silent.keys()) {
      if (this.#silent.size <= MAX_RECEIVERS) break;
      this.#silent.delete(oldest);
    }
    return dueAt;
  }

  /** Records that the webhooks to a receiver are put off: later attempts are new ones. */
  putOff(receiver: Receiver, now: number): void {
    const last = this.#silent.get(nameOf(receiver));
    if (last) this.#silent.set(nameOf(receiver), { ...last, at: now });
  }

  /** Resets the delay of a receiver that answered, whatever its answer. */
  answered(receiver: Receiver): void {
    this.#silent.delete(nameOf(receiver));
  }
}

function nameOf({ tenant, host }: Receiver): string {
  return `${tenant} ${host}`;
}
