import { Injectable, RequestMethod } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './api.decorator.js';

/** Our routes, as Nest notes what a host excludes from its global prefix. */
const OURS = [API_PREFIX, API_V2_PREFIX, ADMIN_PREFIX].map((prefix) => ({
  path: `${prefix}/*path`,
  pathRegex: new RegExp(`^/${prefix}/`, 'i'),
  requestMethod: RequestMethod.ALL,
}));

/** Keeps our routes where they are documented: a global prefix of the host does not move them. */
@Injectable()
export class FixedRoutes {
  constructor(config: ApplicationConfig) {
    const chosen = config.getGlobalPrefixOptions.bind(config);
    // At the question, not at the start: the host sets its prefix later, and may replace what it excludes.
    config.getGlobalPrefixOptions = () => {
      const options = chosen();
      return config.getGlobalPrefix() === '' ? options : { ...options, exclude: [...(options.exclude ?? []), ...OURS] };
    };
  }
}
