import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { RequestScope } from '../../async/request.scope.js';
import { within } from '../../async/within.js';
import { AgentError } from '../../errors/agent.error.js';
import { UsageModuleOptions } from '../usage.options.js';
import { RecentTenants } from './recent.tenants.js';
import { measureTenant } from './tenant.measure.js';
import { type TenantSize, TenantSizes } from './tenant.sizes.js';

const MB = 1_000_000;
/** How long a size is used. Other replicas may store data meanwhile. */
const TTL_MS = 10_000;
/** A run waits so long for the first measurement of its tenant. */
const FIRST_MEASUREMENT_MS = 1000;
/** A tenant is measured again after that time, and sooner while it has too much: some may have been erased. */
const MEASURE_INTERVAL_MS = 3_600_000;
const FULL_MEASURE_INTERVAL_MS = 60_000;
/** The interval is at least so many times as long as a measurement. */
const MEASURE_PAUSE = 20;

interface StorageUse {
  bytes: number;
  readMs: number;
  /** Bytes that runs of this process have stored since then. */
  added: number;
  reading: Promise<void> | undefined;
}

/**
 * Limits the data of each tenant. Replicas add what their runs store to the row of the tenant, every ten seconds.
 * Measurements in between count the rest: events of streams, erasures, and what older replicas store.
 */
@Injectable()
export class StorageQuota implements BeforeApplicationShutdown {
  readonly #logger = new Logger(StorageQuota.name);
  readonly #tenants = new RecentTenants<StorageUse>(() => ({
    bytes: 0,
    readMs: -Infinity,
    added: 0,
    reading: undefined,
  }));
  readonly #measurements = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #maxBytes: number;

  constructor(
    private readonly sizes: TenantSizes,
    options: UsageModuleOptions,
  ) {
    this.#maxBytes = options.maxStorageMbPerTenant === 0 ? Infinity : options.maxStorageMbPerTenant * MB;
  }

  /** @throws AgentError `quota_exceeded` if the tenant may not begin runs. */
  async assertRoom(tenant: string): Promise<void> {
    if (this.#maxBytes === Infinity) return;
    const use = this.#tenants.of(tenant);
    if (performance.now() - use.readMs > TTL_MS) await this.#read(tenant, use);
    if (use.bytes + use.added >= this.#maxBytes) throw this.#tooMuch();
  }

  /** Counts what a run of the tenant has stored. @param textsOf returns the texts; called only if there is a limit. */
  add(tenant: string, textsOf: () => Iterable<unknown>): void {
    if (this.#maxBytes === Infinity) return;
    const use = this.#tenants.of(tenant);
    for (const text of textsOf()) if (typeof text === 'string') use.added += Buffer.byteLength(text);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#measurements.values());
    const unsaved = this.#tenants.entries().filter(([, { added }]) => added > 0);
    const writes = unsaved.map(async ([tenant, { added }]) => await this.sizes.add(tenant, added));
    // The next measurement counts bytes that could not be stored.
    await Promise.allSettled(writes);
  }

  /** Stores what was added, and reads the size. Concurrent runs share one read. */
  async #read(tenant: string, use: StorageUse): Promise<void> {
    use.reading ??= RequestScope.leave(async () => {
      try {
        const { added } = use;
        let size = await this.sizes.add(tenant, added);
        use.added -= size ? added : 0;
        const measurement = this.#isDue(size) ? this.#measure(tenant) : undefined;
        if (measurement && size?.measured_at == null) {
          await within(FIRST_MEASUREMENT_MS, measurement);
          size = await this.sizes.add(tenant, 0);
        }
        use.bytes = size?.bytes ?? 0;
        use.readMs = performance.now();
      } finally {
        use.reading = undefined;
      }
    });
    await use.reading;
  }

  #isDue(size: TenantSize | undefined): boolean {
    if (size?.measured_at == null) return true;
    const interval = size.bytes >= this.#maxBytes ? FULL_MEASURE_INTERVAL_MS : MEASURE_INTERVAL_MS;
    return Date.now() - size.measured_at > Math.max(interval, MEASURE_PAUSE * (size.measured_ms ?? 0));
  }

  /** Measures the tenant, unless a replica does so already. Never fails: the next run tries it again. */
  #measure(tenant: string): Promise<void> {
    const under = this.#measurements.get(tenant);
    if (under) return under;
    const measurement = this.#measureOnce(tenant)
      .catch((cause: unknown) => {
        if (this.#closing.signal.aborted) return;
        this.#logger.warn({ tenant, cause, msg: 'the storage of a tenant could not be measured' });
      })
      .finally(() => this.#measurements.delete(tenant));
    this.#measurements.set(tenant, measurement);
    return measurement;
  }

  async #measureOnce(tenant: string): Promise<void> {
    const startedMs = performance.now();
    const before = await this.sizes.beginMeasurement(tenant);
    if (before === undefined) return;
    const bytes = await measureTenant(this.sizes.query, tenant, this.#closing.signal).catch(
      async (failure: unknown) => {
        // Otherwise nobody measures the tenant for an hour. If this fails too, the claim expires.
        await this.sizes.abandonMeasurement(tenant).catch(() => undefined);
        throw failure;
      },
    );
    await this.sizes.endMeasurement(tenant, { change: bytes - before, tookMs: performance.now() - startedMs });
  }

  #tooMuch(): AgentError {
    const detail = `The tenant has more than ${this.#maxBytes / MB} MB of data. Delete sessions, then try again in some minutes.`;
    return new AgentError('quota_exceeded', { detail });
  }
}
