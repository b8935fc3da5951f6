import { type DynamicModule, Module } from '@nestjs/common';
import { AuthThrottle } from '../auth/auth.throttle.js';
import { sharedProvider } from '../storage/redis/shared.redis.js';
import { ApiLifecycle } from './api.lifecycle.js';
import type { FeatureImports } from './feature.imports.js';
import { GlobalPrefixExclusion } from './global-prefix.exclusion.js';
import { HttpModuleOptions } from './http.options.js';
import { AuthFailureLog } from './throttling/auth-failure.log.js';
import { RateLimitedAuthThrottle } from './throttling/rate-limited.auth-throttle.js';
import { FixedWindowStorage } from './throttling/fixed-window.storage.js';
import { RateLimiter } from './throttling/rate.limiter.js';
import { RedisWindowStorage } from './throttling/redis-window.storage.js';
import { StreamLimiter } from './throttling/stream.limiter.js';
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
    AuthFailureLog,
    StreamLimiter,
    { provide: AuthThrottle, useClass: RateLimitedAuthThrottle },
  ],
  exports: [ApiLifecycle, WindowStorage, RateLimiter, StreamLimiter, AuthThrottle],
})
export class HttpModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: HttpModule, imports, providers: http ? [GlobalPrefixExclusion] : [] };
  }
}
