import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from './http.types.js';
import { idempotencyKeyOf } from './idempotency-key.decorator.js';
import { type StreamCaller, streamCallerOf } from './streaming/last-event.decorator.js';
import { prefersEvents } from './streaming/prefers.events.js';

/** A caller that can receive the answer as one JSON body or as events. */
export interface ChatCaller extends StreamCaller {
  readonly idempotencyKey: string | undefined;
  /** True if the caller prefers `text/event-stream` to JSON. */
  readonly wantsEvents: boolean;
}

/** Injects the `ChatCaller` of a request. */
export const CurrentChatCaller = createParamDecorator((_: unknown, context: ExecutionContext): ChatCaller => {
  const http = context.switchToHttp();
  const request = http.getRequest<HttpRequest>();
  const idempotencyKey = idempotencyKeyOf(request);
  const wantsEvents = prefersEvents(request.headers.accept);
  return { ...streamCallerOf(request, http.getResponse()), idempotencyKey, wantsEvents };
});
