import { sql } from 'kysely';
import { runRow } from '../../../test/support/storage/databases.js';
import {
  type PlanCase,
  type PlanContext,
  OF_WORKERS,
  ON_RUNS,
  IN_SESSION,
  LAST_ENTRY,
  TENANT,
  SESSION,
  CURSOR,
  describePlans,
} from '../../../test/support/storage/plan.cases.js';
import { until } from '../../../test/support/until.js';
import { ApiKeyCache } from '../../auth/api-key.cache.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { AuditService, Database, KeysService } from '../../index.js';
import { KeysRepository } from '../../keys/keys.repository.js';
import { DataErasure } from '../../privacy/data.erasure.js';
import { DataExport } from '../../privacy/data.export.js';
import type { DataSubject } from '../../privacy/export.tables.js';
import { RevokedRuns } from '../../runs/recovery/revoked.runs.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import { SessionForks } from '../../sessions/session.forks.js';
import { SessionTitles } from '../../sessions/session.titles.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { SummariesRepository } from '../../sessions/summaries.repository.js';
import { DeliveriesRepository } from '../../tasks/webhooks/deliveries.repository.js';
import { WebhooksRepository } from '../../tasks/webhooks/webhooks.repository.js';
import { measureTenant } from '../../usage/quotas/tenant.measure.js';
import { TenantSizes } from '../../usage/quotas/tenant.sizes.js';
import { UsageRepository } from '../../usage/usage.repository.js';

/** The newest message of `session-901`. */
const isNewest = sql<boolean>`tenant = 'default' and session_id = 'session-901' and position = 19`;

/** A page of sessions. */
const TITLED = Array.from({ length: 20 }, (_, index) => ({
  session_id: `session-${900 + index}`,
  agent_role: 'assistant',
  message_count: 20,
  created_at: '',
  updated_at: '',
}));

const FORKS = ['session-901', 'session-902'];

const SESSIONS: readonly PlanCase[] = [
  {
    name: 'a page of sessions',
    work: ({ get }) => get(SessionsRepository).list(TENANT, 20, CURSOR),
    plan: ['sessions_by_update (tenant, updated_at, session_id)'],
  },
  {
    name: 'a page of the sessions of an end user',
    work: ({ get }) => get(SessionsRepository).list(TENANT, 20, CURSOR, 'user-2'),
    plan: ['sessions_by_end_user (tenant, end_user, updated_at, session_id)'],
  },
  {
    name: 'a page of messages',
    work: ({ get }) => get(MessagesRepository).page(SESSION, 5, { before: 10 }),
    plan: ['messages primary key (tenant, session_id, position)'],
  },
  {
    name: 'the turns that are summarized',
    work: ({ get }) => Array.fromAsync(get(MessagesRepository).turns(SESSION, 0, 10)),
    plan: ['messages primary key (tenant, session_id, position)'],
  },
  {
    name: 'a fork, and what it has inherited',
    work: async ({ get }) => {
      const forks = get(SessionForks);
      // The messages of `session-901` have this run.
      const run = { ...runRow('forked'), session_id: 'session-901' };
      const { query } = get(Database);
      await query.insertInto('runs').values(run).execute();
      await query.updateTable('messages').set({ run_id: 'forked' }).where(isNewest).execute();
      const fork = await forks.find('forked', { tenant: TENANT, end_user: null });
      const place = { tenant: TENANT, session_id: 'fork' };
      const row = { ...place, agent_role: 'assistant', end_user: null, created_at: 1, updated_at: 1 };
      const sessions = get(SessionsRepository);
      await get(Database).write((transaction) => sessions.append(transaction, row, [], { fork }));
      const stored = await sessions.find(place);
      const sources = stored && (await forks.sourcesOf(stored));
      await get(MessagesRepository).window({ ...place, sources }, 100);
      await get(SummariesRepository).find({ ...place, sources });
    },
    plan: [
      'messages primary key (tenant, session_id)',
      'messages primary key (tenant, session_id, position)',
      'runs primary key (run_id)',
      'session_sources primary key (tenant, session_id)',
      'session_sources primary key (tenant, session_id, source_id)',
      'sessions primary key (tenant, session_id)',
      'summaries primary key (tenant, session_id)',
      'sort',
    ],
    // Few sessions have the same source.
    postgresPlan: ['session_sources_by_source (tenant, source_id)'],
  },
  {
    name: 'the titles of sessions, and where forks begin',
    work: async ({ get }) => {
      const forks = { inherited_count: 4 };
      await get(Database)
        .query.updateTable('sessions')
        .set(forks)
        .where('tenant', '=', TENANT)
        .where('session_id', 'in', FORKS)
        .execute();
      await get(SessionTitles).addTo(TITLED, TENANT);
    },
    plan: [
      'messages primary key (tenant, session_id, position)',
      'session_sources primary key (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
      'sort',
    ],
  },
  {
    name: 'a summary',
    work: async ({ get }) => {
      await get(SummariesRepository).find(SESSION);
      const messages = await get(MessagesRepository).page(SESSION, 1);
      const held = { ...SESSION, nextPosition: 1, createdAt: 1 };
      await get(SummariesRepository).save(held, { content: 'x', until: 1 }, { previous: undefined, messages });
    },
    plan: [
      'messages primary key (tenant, session_id)',
      'messages primary key (tenant, session_id, position)',
      'sessions primary key (tenant, session_id)',
      'summaries primary key (tenant, session_id)',
    ],
  },
];

/** The unfinished tasks of callers. */
const OF_CALLERS = [
  'api_keys_ending (key_id)',
  'runs primary key (run_id)',
  'runs_queue_by_caller (tenant, caller)',
  'runs_running_tasks (tenant, caller)',
  'runs_running_tasks (tenant)',
  'runs_tasks_by_status (tenant, status)',
];

const ACCOUNTS: readonly PlanCase[] = [
  {
    name: 'an API key',
    work: ({ get }) => get(ApiKeyCache).find('many-2'),
    plan: ['api_keys primary key (key_id)'],
  },
  {
    name: 'a page of API keys',
    work: ({ get }) => get(KeysRepository).list(20, CURSOR),
    plan: ['api_keys_by_age (created_at, key_id)'],
  },
  {
    name: 'a page of the API keys of a tenant',
    work: ({ get }) => get(KeysRepository).list(20, CURSOR, 'tenant-1'),
    plan: ['api_keys_by_tenant (tenant, created_at, key_id)'],
  },
  {
    name: 'the revocation of all keys of a tenant',
    work: ({ get }) => get(KeysService).revokeAll('tenant-2'),
    plan: [LAST_ENTRY, 'api_keys primary key (key_id)', 'api_keys_by_tenant (tenant)', ...OF_CALLERS],
  },
  {
    name: 'the revocation of a key',
    work: ({ get }) => get(KeysService).revoke('many-9'),
    plan: [LAST_ENTRY, 'api_keys primary key (key_id)', ...OF_CALLERS],
  },
  {
    name: 'the end of the runs of revoked keys',
    work: async ({ get }) => {
      await get(KeysService).revoke('many-3', 'test', { keepTasks: true });
      await get(RevokedRuns).sweep();
    },
    plan: [LAST_ENTRY, 'api_keys primary key (key_id)', ...OF_CALLERS],
  },
  {
    name: 'a usage report',
    work: ({ get }) =>
      get(UsageRepository).report({ tenant: TENANT, from: '2025-01-01', to: '2025-01-12', groupBy: 'key' }),
    plan: ['usage primary key (tenant, day)', 'sort'],
  },
  {
    name: 'a page of audit entries',
    work: ({ get }) => get(AuditService).list({ limit: 20, tenant: 'tenant-5' }),
    plan: ['audit_entries_by_tenant (tenant)'],
  },
  {
    name: 'a page of the audit entries about an end user',
    work: ({ get }) => get(AuditService).list({ limit: 20, tenant: TENANT, endUser: 'user-2' }),
    plan: ['audit_entries_by_subject (subject)', 'audit_subjects primary key (tenant, end_user)'],
  },
  {
    name: 'the due webhooks',
    work: ({ get }) => get(WebhooksRepository).due('tenant-1', ['busy:80']),
    plan: [
      'webhooks_by_session (tenant)',
      'webhooks_due (tenant)',
      'webhooks_due (tenant, next_at)',
      'webhooks primary key (run_id)',
    ],
  },
  {
    name: 'the count of webhooks',
    work: ({ get }) => get(WebhooksRepository).count(),
    plan: ['all of webhooks_by_age'],
  },
  {
    name: 'the webhooks to a host that are put off',
    work: ({ get }) => get(WebhooksRepository).putOff({ tenant: TENANT, host: '127.0.0.1:9' }, 1),
    plan: ['webhooks_due (tenant, next_at)', 'webhooks primary key (run_id)'],
    postgresPlan: ['webhooks_due (tenant, next_at, host)'],
  },
  {
    name: 'an attempt at a webhook',
    work: async ({ get }) => {
      const [webhooks, { query }] = [get(WebhooksRepository), get(Database)];
      const found = query.selectFrom('webhooks').selectAll().where('run_id', '=', 'run-30');
      const row = { ...(await found.executeTakeFirstOrThrow()), first_tried_at: 1, last_tried_at: 1 };
      await webhooks.claim(row);
      await webhooks.traceOf(row);
      await webhooks.release(row, { next_at: row.next_at });
      await get(DeliveriesRepository).finish(row, 'delivered', null);
    },
    plan: ['runs primary key (run_id)', 'webhooks primary key (run_id)'],
  },
  {
    name: 'a page of webhooks',
    work: ({ get }) => get(DeliveriesRepository).list({ tenant: TENANT, limit: 20, after: CURSOR }),
    plan: [
      'webhook_deliveries_by_status (tenant, status, created_at, run_id)',
      'webhooks_by_tenant (tenant, created_at, run_id)',
    ],
    // PostgreSQL may read the outbox by age if most of it belongs to the tenant.
    postgresPlan: ['webhooks_by_age (created_at)', 'sort', 'sort of equal keys'],
  },
  {
    name: 'a page of the webhooks of an end user',
    work: ({ get }) => get(DeliveriesRepository).list({ tenant: TENANT, endUser: 'user-2', limit: 20, after: CURSOR }),
    plan: [
      'runs primary key (run_id)',
      'webhook_deliveries_by_end_user (tenant, end_user, status, created_at, run_id)',
      'webhooks_by_tenant (tenant, created_at, run_id)',
    ],
  },
  {
    name: 'the redelivery of a webhook',
    work: ({ get }) => get(DeliveriesRepository).redeliver('run-7001', { tenant: TENANT }),
    plan: ['webhook_deliveries primary key (run_id)', 'webhooks primary key (run_id)'],
  },
];

const QUOTAS: readonly PlanCase[] = [
  {
    name: 'the count of the sessions of a tenant',
    work: ({ get }) => get(TenantSizes).countSessions(TENANT, 1000),
    plan: ['sessions_by_update (tenant)', 'sessions primary key (tenant)'],
  },
  {
    name: 'whether a session exists',
    work: ({ get }) => get(TenantSizes).hasSession(TENANT, 'session-1'),
    plan: ['sessions primary key (tenant, session_id)'],
  },
  {
    name: 'the measurement of a tenant',
    // The whole tenant would take a minute, because the measurement rests after each read.
    work: async ({ get, isSent }) => {
      const end = new AbortController();
      const ended = expect(measureTenant(get(Database).query, TENANT, end.signal)).rejects.toThrow('aborted');
      await until('runs are read, and read on', () => isSent('from "steps"'));
      end.abort();
      await ended;
    },
    plan: [
      'early_facts primary key (run_id)',
      'events primary key (run_id)',
      'messages primary key (tenant, session_id, position)',
      'openai_responses primary key (run_id)',
      'runs_of_session (tenant, session_id, created_at)',
      'steps primary key (run_id)',
      'sort of equal keys',
    ],
  },
];

/** The rows of a session, and those that belong to its runs. */
const EXPORTED = [
  LAST_ENTRY,
  'approvals primary key (run_id)',
  'early_facts primary key (run_id)',
  'early_facts primary key (run_id, sequence)',
  'events primary key (run_id)',
  'events primary key (run_id, sequence)',
  'idempotency_keys_by_run (run_id)',
  'messages primary key (tenant, session_id)',
  'messages primary key (tenant, session_id, position)',
  'openai_responses primary key (run_id)',
  'runs primary key (run_id)',
  'runs_of_session (tenant, session_id)',
  'session_sources primary key (tenant, session_id)',
  'sessions primary key (tenant, session_id)',
  'steps primary key (run_id)',
  'steps primary key (run_id, step)',
  'summaries primary key (tenant, session_id)',
  'webhook_deliveries_by_session (tenant, session_id)',
  'webhooks_by_session (tenant, session_id)',
  'sort of equal keys',
];
const exported = ({ get }: PlanContext, subject: DataSubject) =>
  Array.fromAsync(get(DataExport).lines(subject, { id: 'host' }));

const EXPORT: readonly PlanCase[] = [
  {
    name: 'the export of a session',
    work: (context) => exported(context, { tenant: TENANT, sessionId: 'session-1' }),
    // Only the runs of one session are sorted.
    plan: [...EXPORTED, 'sort'],
  },
  {
    name: 'the export of an end user',
    work: (context) => exported(context, { tenant: TENANT, endUser: 'user-2' }),
    plan: [
      ...EXPORTED,
      'audit_entries_by_subject (subject)',
      'audit_subjects primary key (tenant, end_user)',
      'runs_of_end_user (tenant, end_user)',
      'sessions_by_end_user (tenant, end_user)',
      'webhook_deliveries primary key (run_id)',
      'webhooks primary key (run_id)',
      // Only the sessions and runs of one end user are sorted.
      'sort',
    ],
    postgresPlan: ['sessions_by_end_user (tenant, end_user, session_id)'],
  },
  {
    name: 'the export of a tenant',
    work: (context) => exported(context, { tenant: 'tenant-10' }),
    plan: [
      ...EXPORTED,
      'api_keys_by_tenant (tenant)',
      'audit_entries_by_tenant (tenant)',
      'audit_entries_by_tenant (tenant, sequence)',
      'messages primary key (tenant)',
      'runs_of_session (tenant)',
      'runs_of_session (tenant, session_id, created_at)',
      'session_sources primary key (tenant)',
      'sessions primary key (tenant)',
      'summaries primary key (tenant)',
      'usage primary key (tenant)',
      'usage primary key (tenant, day, caller, role, model, replica_id)',
      'webhook_deliveries_by_session (tenant)',
      'webhooks_by_session (tenant)',
    ],
    // Most entries are those of this tenant.
    postgresPlan: [
      'all of audit_entries primary key',
      'approvals primary key (run_id, approval_id)',
      'audit_entries primary key (sequence)',
    ],
  },
];

const ERASURE: readonly PlanCase[] = [
  {
    name: 'the erasure of a session',
    work: ({ get }) => get(SessionsService).erase(HOST_PRINCIPAL, 'session-17'),
    plan: [...OF_WORKERS, ...ON_RUNS, ...IN_SESSION, LAST_ENTRY],
  },
  {
    name: 'whether an end user has begun a session',
    work: ({ get }) => get(SessionsRepository).hasRunOf({ tenant: TENANT, session_id: 'open-16000' }, 'user-0'),
    plan: ['runs_of_session (tenant, session_id)', 'sessions primary key (tenant, session_id)'],
  },
  {
    name: 'the erasure of an end user',
    work: ({ get }) => get(DataErasure).eraseEndUser(HOST_PRINCIPAL, 'user-6'),
    plan: [
      ...OF_WORKERS,
      ...ON_RUNS,
      ...IN_SESSION,
      LAST_ENTRY,
      'approvals_by_decision (decided_by)',
      'audit_subjects primary key (tenant, end_user)',
      'runs_of_end_user (tenant, end_user)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions_by_end_user (tenant, end_user)',
      'webhook_deliveries_by_end_user (tenant, end_user)',
      'usage primary key (tenant)',
      'usage primary key (tenant, day)',
      'usage primary key (tenant, day, caller)',
    ],
  },
  {
    name: 'the erasure of a tenant',
    work: ({ get }) => get(DataErasure).eraseTenant({ ...HOST_PRINCIPAL, tenant: 'tenant-5' }),
    plan: [
      ...OF_WORKERS,
      ...ON_RUNS,
      ...IN_SESSION,
      ...OF_CALLERS,
      LAST_ENTRY,
      'sessions primary key (tenant)',
      'api_keys_by_tenant (tenant)',
      // Its keys are revoked first.
      ...OF_CALLERS,
      'audit_subjects primary key (tenant)',
      'idempotency_keys primary key (tenant)',
      'runs_of_session (tenant)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions primary key (tenant)',
      'sessions_by_update (tenant)',
      'webhook_deliveries_by_session (tenant)',
      'webhook_deliveries_by_status (tenant)',
      'webhooks_by_session (tenant)',
      'webhooks_by_tenant (tenant)',
    ],
  },
];

describePlans([...SESSIONS, ...ACCOUNTS, ...QUOTAS, ...EXPORT, ...ERASURE]);
