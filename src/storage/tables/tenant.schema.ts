/** The storage of tenants. Only tenants that began runs while there was a quota of storage have a row. */
export interface TenantSizeTable {
  tenant: string;
  /** The bytes that the last measurement found, and those that runs have stored since. */
  bytes: number;
  /** The end of the last measurement; null: there was none yet. */
  measured_at: number | null;
  /** Milliseconds that it took. */
  measured_ms: number | null;
  /** The start of the measurement in progress; null: no replica measures. */
  measuring_since: number | null;
}
