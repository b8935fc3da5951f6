import { Injectable, RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './api.decorator.js';

/** Our routes, in Nest's format of exclusions from the global prefix. */
const EXCLUDED_ROUTES = [API_PREFIX, API_V2_PREFIX, ADMIN_PREFIX].map((prefix) => ({
  path: `${prefix}/*path`,
  pathRegex: new RegExp(`^/${prefix}/`, 'i'),
  requestMethod: RequestMethod.ALL,
}));

/** Excludes our routes from the global prefix of the host, so they stay at their documented paths. */
@Injectable()
export class GlobalPrefixExclusion {
  constructor(config: ApplicationConfig) {
    const chosen = config.getGlobalPrefixOptions.bind(config);
    // Evaluated on each call: the host sets its prefix later and may replace its exclusions.
    config.getGlobalPrefixOptions = () => {
      const options = chosen();
      return config.getGlobalPrefix() === ''
        ? options
        : { ...options, exclude: [...(options.exclude ?? []), ...EXCLUDED_ROUTES] };
    };
  }
}
