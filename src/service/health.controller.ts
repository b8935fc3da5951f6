import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AgentHealth } from '../index.js';
import { Health, Readiness } from './health.dto.js';

/** Whether the service lives, and whether it can take work. */
@Controller('health')
@ApiTags('Health')
export class HealthController {
  constructor(private readonly agents: AgentHealth) {}

  /**
   * Say that the service is there
   * @remarks Always open, and never counted.
   */
  @ApiOperation({ operationId: 'health_health' })
  @Get()
  health(): Health {
    return { status: 'ok' };
  }

  /**
   * Say that the process lives
   * @remarks Restart it when this does not answer.
   */
  @ApiOperation({ operationId: 'health_live' })
  @Get('live')
  live(): Health {
    return { status: 'ok' };
  }

  /**
   * Say whether work can be taken
   * @remarks Send none while this answers 503.
   */
  @ApiOperation({ operationId: 'health_ready' })
  @Get('ready')
  @ApiServiceUnavailableResponse({ description: 'A dependency is down, or the service drains.', type: Readiness })
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
