import { FastifyAdapter } from '@nestjs/platform-fastify';
import { serve } from './host.js';

await serve({ makeAdapter: () => new FastifyAdapter() });
