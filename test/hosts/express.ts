import { ExpressAdapter } from '@nestjs/platform-express';
import { serve } from './host.js';

await serve({ exclude: ['health'], makeAdapter: () => new ExpressAdapter() });
