import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

/** Runs that have not completed, each with a session of its own: a third waits, a third failed, a third is cancelled. */
export const FEW = 750;
const DAY_MS = 86_400_000;

export interface Size {
  /** Sessions, each with a completed run, a turn of two messages and an audit entry. */
  readonly rows: number;
  /** Queued tasks of many tenants and callers. */
  readonly queued: number;
}

/** Fills an empty database, which has all tables. The application's own connections limit the time of a statement. */
export async function seed(databaseUrl: string, size: Size): Promise<void> {
  const texts = statements(size, Date.now());
  if (databaseUrl.startsWith('file:')) seedFile(databaseUrl.slice('file:'.length), texts);
  else await seedPostgres(databaseUrl, texts);
}

function seedFile(path: string, texts: readonly string[]): void {
  const file = new DatabaseSync(path);
  for (const text of [...texts, 'pragma wal_checkpoint(truncate)']) file.exec(text);
  file.close();
}

async function seedPostgres(connectionString: string, texts: readonly string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  for (const text of [...texts, 'vacuum analyze', 'checkpoint']) await client.query(text);
  await client.end();
}

/** Most rows belong to one tenant. Two sessions in a row belong to one end user. */
const TENANT = `case when i % 4 = 0 then 'tenant-' || cast(i % 1000 as text) else 'default' end`;
/** The tenant whose lists are measured has a tenth of the queue. */
const TENANT_OF_QUEUE = `case when i % 10 = 0 then 'default' else 'tenant-' || cast(i % 1000 as text) end`;
const END_USER = `'user-' || cast(i / 2 as text)`;
/** The pseudonym of the end user. */
const SUBJECT = `'subject-' || cast(i / 2 as text)`;
const CALLER = `'key:' || cast(i % 1000 as text)`;
const SESSION = `'session-' || cast(i as text)`;
const RUN_COLUMNS = `run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, holds_session, caller, end_user,
  request_id, request, model, input_tokens, output_tokens, created_at, spent_ms, finished_at, error, outcome`;
const ANSWER = `'{"session_id":"' || ${SESSION} || '","run_id":"run-' || cast(i as text) ||
  '","reply":"Well.","tokens_used":26,"model":"instant","processing_time_ms":3}'`;

function statements({ rows, queued }: Size, now: number): string[] {
  const step = Math.max(1, Math.floor((20 * DAY_MS) / rows));
  const at = `${now - DAY_MS} - (${rows} - i) * ${step}`;
  const few = `case when i % 3 = 0 then 'waiting_approval' when i % 3 = 1 then 'failed' else 'cancelled' end`;
  return [
    many(
      rows,
      'sessions (tenant, session_id, agent_role, end_user, message_count, created_at, updated_at)',
      `${TENANT}, ${SESSION}, 'assistant', ${END_USER}, 2, ${at}, ${at}`,
    ),
    ...[0, 1].map((position) =>
      many(
        rows,
        'messages (tenant, session_id, position, message_id, run_id, role, content, tokens, created_at)',
        `${TENANT}, ${SESSION}, ${position}, 'message-${position}-' || cast(i as text), 'run-' || cast(i as text),
          '${position === 0 ? 'user' : 'assistant'}', 'Well?', 2, ${at}`,
      ),
    ),
    many(
      rows,
      `runs (${RUN_COLUMNS})`,
      `'run-' || cast(i as text), ${TENANT}, ${SESSION}, 'assistant', case when i % 2 = 0 then 'task' else 'chat' end,
        'completed', 1, 0, 0, ${CALLER}, ${END_USER}, 'request', null, 'instant', 24, 2, ${at}, 0, ${at}, null, ${ANSWER}`,
    ),
    many(
      rows,
      'events (run_id, sequence, last_sequence, body)',
      `'run-' || cast(i as text), 1, 4, '{"type":"run.completed"}'`,
    ),
    many(
      rows,
      'audit_entries (sequence, at, tenant, actor, subject, action, target, details, previous_hash, hash)',
      `i + 1, ${at}, ${TENANT}, ${CALLER}, ${SUBJECT}, 'approval.decided', 'run:run-' || cast(i as text), '{}', 'x', 'x'`,
    ),
    many(
      Math.floor(rows / 2),
      'audit_subjects (tenant, end_user, subject)',
      `'default', 'user-' || cast(i as text), 'subject-' || cast(i as text)`,
    ),
    many(
      FEW,
      `runs (${RUN_COLUMNS})`,
      `'few-' || cast(i as text), 'default', 'few-' || cast(i as text), 'assistant', 'task', ${few}, 1, 0,
        case when i % 3 = 0 then 1 else 0 end, ${CALLER}, null, 'request', '{"message":"Pay."}', 'instant', 24, 2,
        ${now - DAY_MS} + i, 0, case when i % 3 = 0 then null else ${now - DAY_MS} + i end,
        case when i % 3 = 0 then null when i % 3 = 1 then 'model_error' else 'run_cancelled' end, null`,
    ),
    many(
      FEW,
      'approvals (run_id, approval_id, step, tool, arguments, created_at)',
      `'few-' || cast(i as text), 'approval', '1.0', 'pay', '{}', ${now - DAY_MS}`,
    ),
    many(
      queued,
      `runs (${RUN_COLUMNS})`,
      `'queued-' || cast(i as text), ${TENANT_OF_QUEUE}, 'queued-' || cast(i as text), 'assistant',
        'task', 'queued', 0, 0, 0, ${CALLER}, null, 'request', '{"message":"Well?"}', 'instant', 0, 0,
        ${now - DAY_MS} + i, 0, null, null, null`,
    ),
  ];
}

/** `i` counts the rows from 0. */
function many(count: number, into: string, columns: string): string {
  return `
    insert into ${into} with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i < ${count - 1})
    select ${columns} from numbers`;
}
