export interface ApiKeyTable {
  /** The part of the key that identifies it; it is not secret. */
  key_id: string;
  /** SHA-256 of the secret part. */
  hash: string;
  /** Hash of the secret before the last rotation, which is valid until `previous_until`. */
  previous_hash: string | null;
  previous_until: number | null;
  name: string;
  tenant: string;
  /** Separated by spaces. */
  scopes: string;
  requests_per_minute: number | null;
  tokens_per_month: number | null;
  /** In nano-dollars (1e-9 US dollars). */
  cost_per_month: number | null;
  /** `required` or `optional`; null: as the setting says. */
  end_user: string | null;
  /** A list in JSON; null: all. */
  agent_roles: string | null;
  /** A list in JSON; null: all. */
  models: string | null;
  /** A list in JSON; null: any address. */
  ip_ranges: string | null;
  expires_at: number | null;
  created_at: number;
  /** The id of the principal that created it. */
  created_by: string;
  revoked_at: number | null;
  /** 1 if its tasks go on after the revocation; null: they are cancelled. */
  tasks_kept: number | null;
  /** When no run of the revoked key was left; null: the search for them goes on. */
  runs_ended_at: number | null;
  /** Accurate to a minute. */
  last_used_at: number | null;
}
