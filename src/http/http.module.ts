import { type DynamicModule, Module } from '@nestjs/common';
import { FailedAttempts } from '../auth/failed.attempts.js';
import { sharedProvider } from '../storage/redis/shared.redis.js';
import { ApiLifecycle } from './api.lifecycle.js';
import type { FeatureImports } from './feature.imports.js';
import { GlobalPrefixExclusion } from './global-prefix.exclusion.js';
import { HttpModuleOptions } from './http.options.js';
import { FailureLimit } from './throttling/failure.limit.js';
import { FixedWindowStorage } from './throttling/fixed-window.storage.js';
import { RateLimiter } from './throttling/rate.limiter.js';
import { RedisWindowStorage } from './throttling/redis-window.storage.js';
import { WindowStorage } from './throttling/window.storage.js';

/** The providers of the guards that `@ApiController()` binds. */
@Module({
  providers: [
    {
      provide: ApiLifecycle,
      inject: [HttpModuleOptions],
      useFactory: ({ apiV1 }: HttpModuleOptions) => new ApiLifecycle(apiV1),
    },
    sharedProvider(
      WindowStorage,
      (connections) => RedisWindowStorage.open(connections),
      () => new FixedWindowStorage(),
    ),
    RateLimiter,
    { provide: FailedAttempts, useClass: FailureLimit },
  ],
  exports: [ApiLifecycle, WindowStorage, RateLimiter, FailedAttempts],
})
export class HttpModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: HttpModule, imports, providers: http ? [GlobalPrefixExclusion] : [] };
  }
}
