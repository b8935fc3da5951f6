import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ROOT_PAGE_POLICY, rootPage, type ServiceDescription } from './root.page.js';
import { version } from './version.js';

const HTML = 'text/html';

/** Whether strangers may read the documentation, and thus the version. */
export class RootOptions {
  constructor(readonly areDocsPublic: boolean) {}
}

/** Says what this service is and where its documentation is. Needs no credentials. */
@Controller()
@ApiExcludeController()
export class RootController {
  readonly #description: ServiceDescription;
  readonly #page: string;

  constructor({ areDocsPublic }: RootOptions) {
    this.#description = {
      name: 'Rookery',
      ...(areDocsPublic ? { version: version() } : {}),
      links: { docs: '/docs', openapi: '/openapi.json', health: '/health' },
    };
    this.#page = rootPage(this.#description);
  }

  /** Answers JSON to programs, and a page to browsers. */
  @Get()
  @Header('Cache-Control', 'no-store')
  read(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ServiceDescription | string {
    if (!acceptsHtml(accept)) return this.#description;
    reply.headers({ 'Content-Type': `${HTML}; charset=utf-8`, 'Content-Security-Policy': ROOT_PAGE_POLICY });
    return this.#page;
  }
}

/** Browsers name the type. Programs that take any type send only a wildcard. */
function acceptsHtml(accept = ''): boolean {
  return accept.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === HTML);
}
