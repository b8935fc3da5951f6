import { CompiledQuery } from 'kysely';
import type { Database } from '../../../src/storage/database.js';

/** The owner of the running runs. */
const OTHER_REPLICA = 'other-replica';
/** The caller with most of the queued tasks. */
const BUSY_CALLER = 'key:busy';

const DAY_MS = 86_400_000;
const [RUNS, SESSIONS, MESSAGES] = [20_000, 5000, 20_000];

/** Fills each table like a service of some weeks: many finished rows, a long queue, few running. */
export async function insertManyRows(database: Database): Promise<void> {
  const now = Date.now();
  const run = async (text: string): Promise<void> =>
    void (await database.query.executeQuery(CompiledQuery.raw(text, [])));
  await run(`insert into replicas (replica_id, heartbeat_at) values ('${OTHER_REPLICA}', ${now + DAY_MS})`);
  for (const text of [...runs(now), ...sessions(now), ...besideRuns(now), ...accounts(now)]) await run(text);
}

/** Inserts so many runs that have ended, one a second. */
export async function insertFinishedRuns(database: Database, tenant: string, count: number): Promise<void> {
  const at = `${Date.now()} - (${count} - i) * 1000`;
  const columns = `'run-' || cast(i as text), '${tenant}', 'session-' || cast(i % 50 as text), 'assistant', 'chat',
    'completed', 1, 0, 0, 'key:many', 'request', '{"message":"Hello"}', 'model', 1, 1, ${at}, 0, ${at}`;
  const text = many(
    count,
    `runs (run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, holds_session, caller, request_id,
      request, model, input_tokens, output_tokens, created_at, spent_ms, finished_at)`,
    columns,
  );
  await database.query.executeQuery(CompiledQuery.raw(text, []));
}

/** `i` counts the rows; the first three are old enough for retention to delete them. */
function many(count: number, into: string, columns: string): string {
  return `
    insert into ${into} with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i < ${count - 1})
    select ${columns} from numbers`;
}

function ageMs(count: number, days: number): string {
  const step = Math.floor((days * DAY_MS) / count);
  return `(case when i < 3 then ${100 * DAY_MS} else (${count} - i) * ${step} end)`;
}

function runs(now: number): string[] {
  const at = `${now} - ${ageMs(RUNS, 20)}`;
  const kind = `case when i >= 12000 and i < 16000 or i >= 19040 and i < 19060 then 'chat' else 'task' end`;
  const status = `case when i < 16000 then 'completed' when i < 19000 then 'queued' when i < 19060 then 'running'
    when i < 19450 then 'waiting_approval' when i < 19700 then 'failed' else 'cancelled' end`;
  const isOpen = 'i >= 16000 and i < 19450';
  // Workers run only the tasks that a test submits, and two others that tests claim.
  const isQueued = 'i >= 16000 and i < 19000';
  // Running rows have the default tenant and no end user: an erasure would wait for them.
  const isElsewhere = 'i >= 19000 and i < 19060';
  const columns = `'run-' || cast(i as text), case when ${isElsewhere} then 'default' else ${TENANT} end,
    case when ${isOpen} then 'open-' || cast(i as text) else 'session-' || cast(i % ${SESSIONS} as text) end,
    'assistant', ${kind}, ${status}, 1, 0,
    case when ${isElsewhere} then '${OTHER_REPLICA}' end,
    case when i >= 19000 and i < 19450 then 1 else 0 end,
    case when i >= 16000 and i % 10 < 9 then '${BUSY_CALLER}' else 'key:' || cast(i % 40 as text) end,
    case when i % 2 = 0 and not (${isElsewhere}) then 'user-' || cast(i % 500 as text) end,
    'request', '{"message":"Hello"}', 'model', 1, 1, ${at}, 0, case when ${isOpen} then null else ${at} end,
    case when ${isQueued} and i not in (18001, 18004) then ${now + DAY_MS} end`;
  return [
    many(
      RUNS,
      `runs (run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, owner, holds_session, caller,
        end_user, request_id, request, model, input_tokens, output_tokens, created_at, spent_ms, finished_at, not_before)`,
      columns,
    ),
  ];
}

function sessions(now: number): string[] {
  const at = `${now} - ${ageMs(SESSIONS, 20)}`;
  return [
    many(
      SESSIONS,
      'sessions (tenant, session_id, agent_role, end_user, message_count, created_at, updated_at)',
      `${TENANT}, 'session-' || cast(i as text), 'assistant',
        case when i % 2 = 0 then 'user-' || cast(i % 500 as text) end, 20, ${at}, ${at}`,
    ),
    many(
      MESSAGES,
      `messages (tenant, session_id, position, message_id, run_id, role, content, tokens, created_at)`,
      `'default', 'session-' || cast(i / 20 as text), i % 20, 'message-' || cast(i as text),
        'run-' || cast(i / 2 as text), 'user', 'Hello', 2, ${now}`,
    ),
    many(
      SESSIONS,
      'summaries (tenant, session_id, content, until_position, updated_at)',
      `${TENANT}, 'session-' || cast(i as text), 'x', 1, ${at}`,
    ),
    many(
      SESSIONS,
      'session_sources (tenant, session_id, source_id, from_position, until_position, run_id)',
      `${TENANT}, 'session-' || cast(i as text), 'session-' || cast(i as text), 0, 2, 'run'`,
    ),
  ];
}

function besideRuns(now: number): string[] {
  return [
    many(
      RUNS,
      'events (run_id, sequence, last_sequence, body)',
      `'run-' || cast(i / 40 as text), 3 * (i % 40) + 1, 3 * (i % 40) + 3, '{}'`,
    ),
    many(
      RUNS,
      'steps (run_id, step, state, body)',
      `'run-' || cast(i / 4 as text), cast(i % 4 as text), 'finished', '{}'`,
    ),
    many(
      5000,
      'approvals (run_id, tenant, approval_id, step, tool, arguments, created_at, decided_at)',
      `'run-' || cast(i as text), ${TENANT}, 'approval', '1.0', 'pay', '{}', ${now}, ${now}`,
    ),
    // Those of the tasks that wait.
    many(
      390,
      'approvals (run_id, tenant, approval_id, step, tool, arguments, created_at)',
      `'run-' || cast(19060 + i as text), ${TENANT}, 'approval-' || cast(i as text), '1.0', 'pay', '{}', ${now} + i`,
    ),
    many(
      RUNS,
      'idempotency_keys (tenant, caller, route, idempotency_key, fingerprint, run_id, created_at)',
      `${TENANT}, 'key:' || cast(i % 40 as text), 'chat', 'k-' || cast(i as text), 'f', 'run-' || cast(i as text),
        ${now} - ${ageMs(RUNS, 0.5)}`,
    ),
    many(
      5000,
      'webhooks (run_id, tenant, session_id, url, host, body, attempts, next_at, created_at)',
      `'run-' || cast(i as text), ${TENANT}, 'session-' || cast(i as text), 'http://127.0.0.1:9/', '127.0.0.1:9', '{}', 1,
        ${now} + ${DAY_MS}, ${now} - ${ageMs(5000, 1)}`,
    ),
    many(
      RUNS,
      `webhook_deliveries (run_id, tenant, session_id, end_user, url, body, status, attempts, first_tried_at,
        last_tried_at, created_at, finished_at)`,
      `'run-' || cast(5000 + i as text), ${TENANT}, 'session-' || cast(i % ${SESSIONS} as text),
        case when i % 2 = 0 then 'user-' || cast(i % 500 as text) end, 'http://127.0.0.1:9/', '{}',
        case when i % 50 = 0 then 'given_up' else 'delivered' end, 1, ${now}, ${now}, ${now} - ${ageMs(RUNS, 20)}, ${now}`,
    ),
  ];
}

function accounts(now: number): string[] {
  const day = `'2025-' || case when i % 12 < 9 then '0' else '' end || cast(i % 12 + 1 as text) || '-' ||
    cast(10 + i / 12 % 18 as text)`;
  const today = new Date(now).toISOString().slice(0, 10);
  return [
    many(
      RUNS,
      `usage (tenant, day, caller, role, model, replica_id, runs, input_tokens, cached_tokens, output_tokens,
        reasoning_tokens, cost)`,
      `'default', case when i < 19900 then ${day} when i < 19903 then '2025-01-01' else '${today}' end,
        'key:' || cast(i as text), 'assistant', 'model', case when i < 19900 then '' else 'gone' end, 1, 1, 0, 1, 0, 1`,
    ),
    many(
      5000,
      'budgets (tenant, payer, month, tokens, cost, warned_percent)',
      `'tenant-' || cast(i as text), 'key:' || cast(i % 40 as text), '2025-01', 1, 1, 0`,
    ),
    many(
      5000,
      'reservations (reservation_id, tenant, payer, month, tokens, cost, owner, created_at)',
      `'reservation-' || cast(i as text), 'default', 'key:' || cast(i as text), '2025-01', 1, 1, '${OTHER_REPLICA}', ${now}`,
    ),
    many(
      5000,
      'api_keys (key_id, hash, name, tenant, scopes, created_at, created_by)',
      `'many-' || cast(i as text), 'h', 'n', 'tenant-' || cast(i % 500 as text), 'chat', ${now} - i, 'test'`,
    ),
    many(
      5000,
      'audit_subjects (tenant, end_user, subject)',
      `${TENANT}, 'user-' || cast(i as text), 'subject-' || cast(i as text)`,
    ),
    many(
      5000,
      'audit_entries (sequence, at, tenant, actor, subject, action, target, details, previous_hash, hash)',
      `1000000 + i, ${now}, ${TENANT}, 'test', 'subject-' || cast(i as text), 'key.created', 'key:1', '{}', 'x', 'x'`,
    ),
  ];
}

/** Most rows belong to one tenant. */
const TENANT = `case when i % 5 = 0 then 'tenant-' || cast(i % 1000 as text) else 'default' end`;
