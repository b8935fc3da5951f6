import { Controller, Get, Headers, Param, Res, StreamableFile, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AgentError } from '../errors/agent.error.js';
import { ErrorFilter } from '../http/error.filter.js';
import type { HttpResponse } from '../http/http.types.js';
import { type StudioFile, StudioFiles } from './studio.files.js';

const YEAR_SECONDS = 31_536_000;
/** A quality of zero refuses an encoding. */
const ACCEPTS_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))/;

/** Allows the files of Studio and calls of its own service, and nothing else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Images of other hosts would report to them what their address says.
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Vary: 'Accept-Encoding',
};

/** Serves the files of Studio. They hold no data, so they need no credentials; the page asks for them. */
@Controller({ path: 'studio', version: VERSION_NEUTRAL })
@ApiExcludeController()
@UseFilters(ErrorFilter)
export class StudioController {
  constructor(private readonly files: StudioFiles) {}

  /** A new build has assets of other names, so they never change. */
  @Get('assets/:name')
  asset(
    @Param('name') name: string,
    @Headers('accept-encoding') encodings: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<StreamableFile> {
    const file = this.files.asset(name);
    if (file === undefined) throw new AgentError('not_found', { detail: 'Studio has no such file. Reload the page.' });
    return send(file, `public, max-age=${YEAR_SECONDS}, immutable`, encodings, response);
  }

  /** Each page of Studio has a path of its own, which the script reads. */
  // Nest removes a slash from the end of each path: `//` is `/studio/`, which is another path on Fastify.
  @Get(['/', '//', ':page', ':page/:id'])
  page(
    @Headers('accept-encoding') encodings: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<StreamableFile> {
    return send(this.files.page, 'no-cache', encodings, response);
  }
}

async function send(
  file: StudioFile,
  caching: string,
  encodings: string | undefined,
  response: HttpResponse,
): Promise<StreamableFile> {
  const isCompressed = ACCEPTS_GZIP.test(encodings ?? '');
  const content = isCompressed ? await file.compressed() : file.content;
  const headers = { ...HEADERS, 'Cache-Control': caching, ...(isCompressed && { 'Content-Encoding': 'gzip' }) };
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return new StreamableFile(content, { type: file.type, length: content.length });
}
