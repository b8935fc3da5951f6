import { Module } from '@nestjs/common';
import { ApiKeyCache } from './api-key.cache.js';
import { Authenticator } from './authenticator.js';
import { AuthModuleOptions, createAuthenticator } from './authenticator.factory.js';

/** Authenticates callers. */
@Module({
  providers: [
    ApiKeyCache,
    { provide: Authenticator, inject: [AuthModuleOptions, ApiKeyCache], useFactory: createAuthenticator },
  ],
  exports: [ApiKeyCache, Authenticator],
})
export class AuthModule {}
