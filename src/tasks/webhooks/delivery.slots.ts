/** Concurrent deliveries in this process. */
export const SLOTS = 64;
/** Concurrent deliveries to one host, in this process. */
export const PER_HOST = 2;
/** Slots of a tenant that come before the additional ones of any other tenant. */
const PER_TENANT = 2;
/** Slots that tenants together may take additionally. The others stay free for the first webhooks of other tenants. */
const MAX_ADDITIONAL = SLOTS / 2;

interface Delivery {
  readonly tenant: string;
  readonly host: string;
}

/** The deliveries in progress. Shares the slots among tenants, so that none of them can delay the others. */
export class DeliverySlots {
  readonly #busy = new Set<Delivery & { readonly ended: Promise<void> }>();

  get areFull(): boolean {
    return this.#busy.size >= SLOTS;
  }

  /** The hosts that get no further delivery now. */
  get busyHosts(): string[] {
    return [...this.#count('host')].filter(([, count]) => count >= PER_HOST).map(([host]) => host);
  }

  /** Takes a slot until `ended` settles. */
  take({ tenant, host }: Delivery, ended: Promise<void>): void {
    const delivery = { tenant, host, ended };
    this.#busy.add(delivery);
    void ended.finally(() => this.#busy.delete(delivery));
  }

  /** Chooses the webhooks that may be sent now. Tenants with fewer than their share come first. */
  choose<T extends Delivery>(due: readonly T[]): T[] {
    const [tenants, hosts] = [this.#count('tenant'), this.#count('host')];
    let additional = [...tenants.values()].reduce((sum, count) => sum + Math.max(0, count - PER_TENANT), 0);
    const hasShare = ({ tenant }: T) => (tenants.get(tenant) ?? 0) < PER_TENANT;
    const first = due.filter(hasShare);
    const chosen: T[] = [];
    for (const row of first.length > 0 ? first : due) {
      if (this.#busy.size + chosen.length >= SLOTS) break;
      if ((hosts.get(row.host) ?? 0) >= PER_HOST) continue;
      if (!hasShare(row) && ++additional > MAX_ADDITIONAL) break;
      add(tenants, row.tenant);
      add(hosts, row.host);
      chosen.push(row);
    }
    return chosen;
  }

  /** Resolves when the deliveries in progress have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#busy].map(({ ended }) => ended));
  }

  #count(by: 'tenant' | 'host'): Map<string, number> {
    const counts = new Map<string, number>();
    for (const delivery of this.#busy) add(counts, delivery[by]);
    return counts;
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
