import type { Migration } from 'kysely/migration';
import * as sessions from './0001.sessions.js';
import * as runs from './0002.runs.js';
import * as summaries from './0003.summaries.js';
import * as webhooks from './0004.webhooks.js';
import * as identity from './0005.identity.js';
import * as usage from './0006.usage.js';
import * as audit from './0007.audit.js';
import * as releases from './0008.releases.js';
import * as v2 from './0009.v2.js';
import * as erasures from './0010.erasures.js';
import * as indexes from './0011.indexes.js';
import * as deaths from './0012.deaths.js';
import * as chatEvents from './0013.chat.events.js';
import * as providerData from './0014.provider.data.js';
import * as retries from './0015.retries.js';
import * as runTimes from './0016.run.times.js';
import * as webhookDeliveries from './0017.webhook.deliveries.js';
import * as approvalsAndSwitches from './0018.approvals.and.switches.js';
import * as fairClaims from './0020.fair.claims.js';
import * as sizes from './0021.sizes.js';
import * as revokedTasks from './0024.revoked.tasks.js';
import * as approvalDeciders from './0025.approval.deciders.js';
import * as sharedSecrets from './0026.shared.secrets.js';
import * as keyAccess from './0028.key.access.js';
import * as decisions from './0030.decisions.js';
import * as tenantSizes from './0031.tenant.sizes.js';
import * as owners from './from-0032/0032.owners.js';
import * as agentVersions from './from-0032/0037.agent.versions.js';
import * as openCalls from './from-0032/0039.open.calls.js';
import * as openaiResponses from './from-0032/0043.openai.responses.js';
import * as forks from './from-0032/0045.forks.js';
import * as sessionMetadata from './from-0032/0050.session.metadata.js';
import * as replicaLevels from './from-0032/0051.replica.levels.js';
import * as parkedTasks from './from-0032/0052.parked.tasks.js';
import * as earlyFacts from './from-0032/0053.early.facts.js';
import * as reasoning from './from-0032/0054.reasoning.js';

/** All migrations in order. A released migration is never edited. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001.sessions': sessions,
  '0002.runs': runs,
  '0003.summaries': summaries,
  '0004.webhooks': webhooks,
  '0005.identity': identity,
  '0006.usage': usage,
  '0007.audit': audit,
  '0008.releases': releases,
  '0009.v2': v2,
  '0010.erasures': erasures,
  '0011.indexes': indexes,
  '0012.deaths': deaths,
  '0013.chat.events': chatEvents,
  '0014.provider.data': providerData,
  '0015.retries': retries,
  '0016.run.times': runTimes,
  '0017.webhook.deliveries': webhookDeliveries,
  '0018.approvals.and.switches': approvalsAndSwitches,
  '0020.fair.claims': fairClaims,
  '0021.sizes': sizes,
  '0024.revoked.tasks': revokedTasks,
  '0025.approval.deciders': approvalDeciders,
  '0026.shared.secrets': sharedSecrets,
  '0028.key.access': keyAccess,
  '0030.decisions': decisions,
  '0031.tenant.sizes': tenantSizes,
  '0032.owners': owners,
  '0037.agent.versions': agentVersions,
  '0039.open.calls': openCalls,
  '0043.openai.responses': openaiResponses,
  '0045.forks': forks,
  '0050.session.metadata': sessionMetadata,
  '0051.replica.levels': replicaLevels,
  '0052.parked.tasks': parkedTasks,
  '0053.early.facts': earlyFacts,
  '0054.reasoning': reasoning,
};
