import { Injectable, RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './api.decorator.js';

/** Excludes our routes from the global prefix of the host, so they stay at their documented paths. */
@Injectable()
export class GlobalPrefixExclusion {
  constructor(config: ApplicationConfig) {
    excludeFromGlobalPrefix(config, [API_PREFIX, API_V2_PREFIX, ADMIN_PREFIX]);
  }
}

/** Excludes all routes below these paths from the global prefix of the host. */
export function excludeFromGlobalPrefix(config: ApplicationConfig, paths: readonly string[]): void {
  // In Nest's format.
  const excluded = paths.map((path) => ({
    path: `${path}/*path`,
    pathRegex: new RegExp(`^/${path}(/|$)`, 'i'),
    requestMethod: RequestMethod.ALL,
  }));
  const chosen = config.getGlobalPrefixOptions.bind(config);
  // Evaluated on each call: the host sets its prefix later and may replace its exclusions.
  config.getGlobalPrefixOptions = () => {
    const options = chosen();
    return config.getGlobalPrefix() === ''
      ? options
      : { ...options, exclude: [...(options.exclude ?? []), ...excluded] };
  };
}
