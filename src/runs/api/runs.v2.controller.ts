import { Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../../auth/principal.js';
import { API_V2_PREFIX, ApiController, ApiErrors } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { sendRemaining } from '../../http/streaming/event.stream.js';
import type { HttpResponse } from '../../http/http.types.js';
import {
  ApiResumable,
  CurrentStreamCaller,
  EventsQuery,
  type StreamCaller,
} from '../../http/streaming/last-event.decorator.js';
import { TenantQuery } from '../../http/tenant.query.js';
import { AgentRunnerService } from '../agent-runner.service.js';
import { OutcomeEnricher } from '../events/outcome.enricher.js';
import { accessOf } from '../reading/run.access.js';
import { RunRights } from '../reading/run.rights.js';
import { RunsService } from '../reading/runs.service.js';
import { RunDetailsV2Dto } from './run-details.v2.dto.js';
import { RunPath } from './runs.dto.js';
import { ApiRunEventsV2 } from './run-event.v2.dto.js';

/** The endpoints of version 2 for runs and their events. */
@ApiController('Runs', 'chat', API_V2_PREFIX)
export class RunsV2Controller {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly outcomes: OutcomeEnricher,
    private readonly rights: RunRights,
    private readonly runs: RunsService,
  ) {}

  /**
   * Read a run
   * @remarks As in version 1, with the cost of each model call, and the times in which the run waited.
   */
  @ApiOperation({ operationId: 'runsv2_get' })
  @Get('runs/:run_id')
  @ApiErrors('run_not_found')
  async get(
    @Param() { run_id }: RunPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<RunDetailsV2Dto> {
    return RunDetailsV2Dto.from(await this.runs.get(run_id, accessOf(inTenant(principal, tenant))));
  }

  /**
   * Read the events of a run
   * @remarks Sends the events after `Last-Event-ID` (or `?after=`), then each new event. 204 if the caller has all of
   * them. The last event has the form of version 2, also for runs that version 1 has started. Tasks need the scope
   * `tasks`.
   */
  @ApiOperation({ operationId: 'runsv2_events' })
  @Get('runs/:run_id/events')
  @ApiResumable()
  @ApiRunEventsV2()
  @ApiErrors('run_not_found')
  async events(
    @Param() { run_id }: RunPath,
    @Query() query: EventsQuery,
    @CurrentStreamCaller() { principal, signal, lastEventId }: StreamCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const caller = inTenant(principal, query.tenant);
    await this.rights.assertReachable(run_id, caller);
    const after = lastEventId ?? query.after;
    const events = await this.runner.follow(run_id, { principal: caller, after, signal });
    await sendRemaining(response, events && this.outcomes.withOutcome(events, caller));
  }
}
