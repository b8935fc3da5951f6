import { Catch } from '@nestjs/common';
import type { AgentError } from '../errors/agent.error.js';
import { OPENAI_PREFIX } from '../http/api.prefixes.js';
import { type ErrorAnswer, ErrorFilter, JSON_TYPE } from '../http/error.filter.js';
import type { HttpRequest } from '../http/http.types.js';
import { COMPLETIONS_PARAMS, openAIErrorOf, openAIStatusOf } from './openai.error.js';

const COMPLETIONS = `/${OPENAI_PREFIX}/chat/completions`;

/**
 * Answers failures under `/v1/` with the error bodies of OpenAI, and all others as `ErrorFilter` does. The routes of the
 * API have it already. Register it for the whole application if unknown routes and unreadable bodies should fail so too.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { APP_FILTER } from '@nestjs/core';
 * import { OpenAIErrorFilter } from 'rookery/openai';
 *
 * \@Module({ providers: [{ provide: APP_FILTER, useClass: OpenAIErrorFilter }] })
 * export class AppModule {}
 */
@Catch()
export class OpenAIErrorFilter extends ErrorFilter {
  protected override represent(error: AgentError, status: number, request: HttpRequest): ErrorAnswer {
    const { url = '' } = request.raw ?? request;
    if (!url.startsWith(`/${OPENAI_PREFIX}/`)) return super.represent(error, status, request);
    const shown = openAIStatusOf(status, error);
    const params = url.startsWith(COMPLETIONS) ? COMPLETIONS_PARAMS : undefined;
    // Clients would repeat every failure of the server, also those that cost another run.
    const headers = { 'X-Should-Retry': String(error.retryAfterSeconds !== undefined) };
    return { status: shown, contentType: JSON_TYPE, body: openAIErrorOf(error, shown, params), headers };
  }
}
