import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from './http.types.js';
import { idempotencyKeyOf } from './idempotency-key.decorator.js';
import { type StreamCaller, streamCallerOf } from './streaming/last-event.decorator.js';

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

/** Returns true if the `Accept` header prefers events to JSON. Wildcard ranges do not count. */
export function prefersEvents(accept = ''): boolean {
  const weights = new Map(accept.toLowerCase().split(',').map(parseWeight));
  const events = weights.get('text/event-stream') ?? 0;
  return events > 0 && events > (weights.get('application/json') ?? 0);
}

function parseWeight(range: string): [string, number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice('q='.length) ?? 1);
  return [type, Number.isNaN(weight) ? 1 : weight];
}
