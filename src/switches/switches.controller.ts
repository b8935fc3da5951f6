import { Body, Get, Put } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { SwitchChange, SwitchList } from './switches.dto.js';
import { SwitchesService } from './switches.service.js';

/** Routes for the operator that stop agents, tools and tenants. */
@ApiController('Switches', 'admin', ADMIN_PREFIX)
export class SwitchesController {
  constructor(private readonly switches: SwitchesService) {}

  /**
   * Stop a role, a tool or a tenant, or let it run again
   * @remarks Reaches all replicas within a second. New runs are refused with `stopped`, tasks wait in the queue. Active
   * runs end after their current step. Returns all that is stopped.
   */
  @ApiOperation({ operationId: 'switches_set' })
  @Put('switches')
  @ApiErrors('payload_too_large', 'unsupported_media_type')
  async set(@Body() change: SwitchChange, @CurrentCaller() { principal, ids }: Caller): Promise<SwitchList> {
    return { items: await this.switches.set(change, principal, ids) };
  }

  /**
   * List what is stopped
   * @remarks By kind and name.
   */
  @ApiOperation({ operationId: 'switches_list' })
  @Get('switches')
  async list(): Promise<SwitchList> {
    return { items: await this.switches.list() };
  }
}
