import { Module } from '@nestjs/common';
import { ApiKeyCache } from './api-key.cache.js';
import { Authenticator } from './authenticator.js';
import { CallerNames } from './caller.names.js';
import { AuthModuleOptions, createAuthenticator } from './authenticator.factory.js';

/** Authenticates callers. */
@Module({
  providers: [
    ApiKeyCache,
    CallerNames,
    { provide: Authenticator, inject: [AuthModuleOptions, ApiKeyCache], useFactory: createAuthenticator },
  ],
  exports: [ApiKeyCache, Authenticator, CallerNames],
})
export class AuthModule {}
