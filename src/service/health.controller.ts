import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AgentHealth } from '../index.js';
import { Health, Readiness } from './health.dto.js';

/** Health, liveness and readiness checks. */
@Controller('health')
@ApiTags('Health')
export class HealthController {
  constructor(private readonly agents: AgentHealth) {}

  /**
   * Check that the service responds
   * @remarks Needs no credentials and does not count against rate limits.
   */
  @ApiOperation({ operationId: 'health_health' })
  @Get()
  health(): Health {
    return { status: 'ok' };
  }

  /**
   * Check that the process is alive
   * @remarks Restart the process if this check does not respond.
   */
  @ApiOperation({ operationId: 'health_live' })
  @Get('live')
  live(): Health {
    return { status: 'ok' };
  }

  /**
   * Check whether the service is ready for requests
   * @remarks Send no traffic while this check answers 503.
   */
  @ApiOperation({ operationId: 'health_ready' })
  @Get('ready')
  @ApiServiceUnavailableResponse({ description: 'A dependency is down, or the service is draining.', type: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const { isReady, isDraining, isDatabaseUp, isRedisUp } = await this.agents.check();
    reply.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status: isReady ? 'ok' : 'unavailable',
      database: isDatabaseUp ? 'ok' : 'down',
      ...(isRedisUp === undefined ? {} : { redis: isRedisUp ? 'ok' : 'down' }),
      runs: isDraining ? 'draining' : 'accepted',
    };
  }
}
