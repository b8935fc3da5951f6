import { applyDecorators, HttpCode, Post, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { WithoutTimeout } from '../../http/timeout.interceptor.js';
import { OpenAIErrors } from '../openai-error.dto.js';
import { OPENAI_RUN_ERRORS } from '../openai.run.errors.js';

/** Declares a route that runs an agent and answers 200. The deadline of the run is its limit. */
export function RunRoute(path: string, type: Type): MethodDecorator {
  return applyDecorators(
    ApiBody({ type }),
    Post(path),
    HttpCode(200),
    WithoutTimeout(),
    OpenAIErrors(...OPENAI_RUN_ERRORS),
  );
}
