import { Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../../auth/principal.js';
import { API_V2_PREFIX, ApiController, ApiErrors } from '../../http/api.decorator.js';
import { sendRemaining } from '../../http/streaming/event.stream.js';
import type { HttpResponse } from '../../http/http.types.js';
import {
  ApiResumable,
  CurrentStreamCaller,
  EventsQuery,
  type StreamCaller,
} from '../../http/streaming/last-event.decorator.js';
import { AgentRunnerService } from '../agent-runner.service.js';
import { OutcomeEnricher } from '../events/outcome.enricher.js';
import { RunRights } from '../reading/run.rights.js';
import { RunPath } from './runs.dto.js';
import { ApiRunEventsV2 } from './run-event.v2.dto.js';

/** The endpoint of version 2 for the events of runs. */
@ApiController('Runs', 'chat', API_V2_PREFIX)
export class RunsV2Controller {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly outcomes: OutcomeEnricher,
    private readonly rights: RunRights,
  ) {}

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
