import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { WebhookTable } from '../../storage/tables/webhook.schema.js';
import { PER_HOST, SLOTS } from './delivery.slots.js';

/** The most hosts that can be busy. */
const MAX_BUSY_HOSTS = SLOTS / PER_HOST;
/** With a limit PostgreSQL reads the ids first, and with a cross join SQLite. They would compare all webhooks. */
const NO_LIMIT = 2 ** 31;
/**
 * Due webhooks of a tenant that are read to find the first one to a free host. With more of them to busy hosts, its
 * others wait.
 */
const MAX_READ = 1000;

interface DueRequest {
  /** Tenants that come before this one in the order of names, or are this one, are left out. */
  readonly after: string;
  readonly busyHosts: readonly string[];
  /** The time in epoch milliseconds. */
  readonly now: RawBuilder<number>;
}

/**
 * Reads the longest due webhook of each tenant, except those to busy hosts. It looks up each next tenant in an index: a
 * tenant may have thousands of webhooks.
 */
export function dueByTenant({ after, busyHosts, now }: DueRequest): RawBuilder<Selectable<WebhookTable>> {
  // Always as many values: each number of values would be another statement.
  const hosts = Array.from({ length: MAX_BUSY_HOSTS }, (_, index) => busyHosts[index] ?? '');
  return sql<Selectable<WebhookTable>>`
    with recursive "waiting" ("tenant") as (
      select min("tenant") from "webhooks" where "tenant" > ${after}
      union all
      select (select min("next"."tenant") from "webhooks" as "next" where "next"."tenant" > "waiting"."tenant")
      from "waiting" where "waiting"."tenant" is not null
    )
    select "webhooks".* from (
      select (
        select "first"."run_id" from (
          select "due"."run_id", "due"."host", "due"."claimed_by", "due"."claimed_until" from "webhooks" as "due"
          where "due"."tenant" = "waiting"."tenant" and "due"."next_at" <= ${now}
          order by "due"."next_at" limit ${sql.lit(MAX_READ)}
        ) as "first"
        where "first"."host" not in (${sql.join(hosts)})
          and ("first"."claimed_by" is null or "first"."claimed_until" <= ${now}
            or "first"."claimed_by" not in (select "replica_id" from "replicas"))
        limit 1
      ) as "run_id"
      from "waiting" limit ${sql.lit(NO_LIMIT)}
    ) as "found"
    cross join "webhooks" where "webhooks"."run_id" = "found"."run_id"
    limit ${sql.lit(SLOTS)}`;
}
