import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics } from 'prom-client';
import { AgentError, AgentMetrics, Authenticator, AuthThrottle, callerAddress } from '../../index.js';
import { authenticate } from '../authentication.js';

/** The Prometheus endpoint. With authentication, callers need the scope `metrics` or `admin`. */
@Controller('metrics')
@ApiExcludeController()
export class MetricsController {
  constructor(
    private readonly metrics: AgentMetrics,
    private readonly authenticator: Authenticator,
    private readonly authThrottle: AuthThrottle,
  ) {
    // Adds process metrics, including the event loop delay.
    collectDefaultMetrics({ register: metrics.registry });
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { scopes = [] } = await authenticate(request, this.authenticator, this.authThrottle);
    if (!scopes.includes('metrics') && !scopes.includes('admin')) {
      const refusal = new AgentError('forbidden', { detail: 'These credentials lack the scope metrics.' });
      // This route has no rate limit, so the address answers for refusals. The credential stays valid elsewhere.
      await this.authThrottle.add(callerAddress(request), refusal);
      throw refusal;
    }
    reply.type(this.metrics.contentType);
    return await this.metrics.text();
  }
}
