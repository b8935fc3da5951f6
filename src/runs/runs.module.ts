import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { AgentRunnerService } from './agent-runner.service.js';
import { ApprovalsService } from './journal/approvals.service.js';
import { ApprovalsController } from './api/approvals.controller.js';
import { DnsImageResolver, ImageResolver } from './admission/image.resolver.js';
import { ImageUrls } from './admission/image.urls.js';
import { RunAdmission } from './admission/run.admission.js';
import { SessionWaiters } from './admission/session.waiters.js';
import { RolesController } from './api/roles.controller.js';
import { RunsController } from './api/runs.controller.js';
import { RunsV2Controller } from './api/runs.v2.controller.js';
import { EventLog } from './events/event.log.js';
import { OutcomeEnricher } from './events/outcome.enricher.js';
import { AgentDelegation } from './loop/agent.delegation.js';
import { AgentStops } from './loop/agent.stops.js';
import { AgentLoop } from './loop/agent.loop.js';
import { BudgetedModel } from './loop/budgeted.model.js';
import { HistorySummary } from './loop/history/history.summary.js';
import { ReleaseResolver } from './loop/release.resolver.js';
import { RunHistory } from './loop/history/run.history.js';
import { ToolInvoker } from './loop/tools/tool.invoker.js';
import { ApprovalExpiry } from './recovery/approval.expiry.js';
import { OrphanedRuns } from './recovery/orphaned.runs.js';
import { ReplicaHeartbeat } from './recovery/replica.heartbeat.js';
import { ReplicaLevels } from './recovery/replica.levels.js';
import { ReplicaId } from './recovery/replica.id.js';
import { RunControl } from './recovery/run.control.js';
import { RejectedRuns } from './recovery/rejected.runs.js';
import { RevokedRuns } from './recovery/revoked.runs.js';
import { ShutdownDeadline } from './recovery/shutdown.deadline.js';
import { StreamReaders } from './recovery/stream.readers.js';
import { Retention } from './retention/retention.js';
import { RunPagesRepository } from './reading/run.pages.repository.js';
import { RunRights } from './reading/run.rights.js';
import { RunsService } from './reading/runs.service.js';
import { RunEngine } from './run.engine.js';
import { RunObserver } from './tracing/run.observer.js';
import { RunFactory } from './run.factory.js';
import { RunLimits } from './run.limits.js';
import { RunRecordsFactory } from './run.records.js';
import { RunStarter } from './run.starter.js';
import { RunUsage } from './run.usage.js';
import { RequestChecks } from './request/request.checks.js';
import { RunsRepository } from './runs.repository.js';

/** The engine: runs agents, journals their steps, and recovers their runs. */
@Module({
  providers: [
    AgentRunnerService,
    ApprovalsService,
    RunStarter,
    RunAdmission,
    ImageUrls,
    { provide: ImageResolver, useFactory: () => new DnsImageResolver() },
    SessionWaiters,
    RequestChecks,
    RunFactory,
    RunRecordsFactory,
    RunObserver,
    RunEngine,
    RunLimits,
    RunsRepository,
    RunUsage,
    RunPagesRepository,
    RunRights,
    RunsService,
    Retention,
    AgentLoop,
    AgentStops,
    AgentDelegation,
    BudgetedModel,
    HistorySummary,
    ReleaseResolver,
    RunHistory,
    ToolInvoker,
    EventLog,
    OutcomeEnricher,
    ApprovalExpiry,
    OrphanedRuns,
    ReplicaHeartbeat,
    ReplicaId,
    ReplicaLevels,
    RunControl,
    RejectedRuns,
    RevokedRuns,
    ShutdownDeadline,
    StreamReaders,
  ],
  exports: [
    AgentRunnerService,
    ApprovalsService,
    RunStarter,
    RunEngine,
    RunLimits,
    RunsRepository,
    RunRights,
    RunsService,
    OutcomeEnricher,
    ReplicaHeartbeat,
    ReleaseResolver,
    ReplicaId,
    RunControl,
    SessionWaiters,
    ShutdownDeadline,
  ],
})
export class RunsModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return {
      module: RunsModule,
      imports,
      controllers: http ? [RolesController, RunsController, RunsV2Controller, ApprovalsController] : [],
    };
  }
}
