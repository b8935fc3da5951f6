import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ROOT_PAGE_POLICY, rootPage, type ServiceDescription } from './root.page.js';
import { version } from './version.js';

const HTML = 'text/html';
const STUDIO = '/studio';
const FOUND = 302;

/** Decides what the root says and where it leads. */
export class RootOptions {
  constructor(
    /** Whether strangers may read the documentation, and thus the version. */
    readonly areDocsPublic: boolean,
    readonly hasStudio: boolean,
  ) {}
}

/** Says what this service is and where its documentation is. Needs no credentials. */
@Controller()
@ApiExcludeController()
export class RootController {
  readonly #description: ServiceDescription;
  readonly #page: string;
  readonly #hasStudio: boolean;

  constructor({ areDocsPublic, hasStudio }: RootOptions) {
    this.#description = {
      name: 'Rookery',
      ...(areDocsPublic ? { version: version() } : {}),
      links: { ...(hasStudio && { studio: STUDIO }), docs: '/docs', openapi: '/openapi.json', health: '/health' },
    };
    this.#page = rootPage(this.#description);
    this.#hasStudio = hasStudio;
  }

  /** Answers JSON to programs. Browsers are sent to Studio, or get a page if it is off. */
  @Get()
  @Header('Cache-Control', 'no-store')
  read(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ServiceDescription | string {
    if (!acceptsHtml(accept)) return this.#description;
    if (this.#hasStudio) {
      reply.code(FOUND).header('Location', STUDIO);
      return '';
    }
    reply.headers({ 'Content-Type': `${HTML}; charset=utf-8`, 'Content-Security-Policy': ROOT_PAGE_POLICY });
    return this.#page;
  }
}

/** Browsers name the type. Programs that take any type send only a wildcard. */
function acceptsHtml(accept = ''): boolean {
  return accept.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === HTML);
}
