import { Injectable } from '@nestjs/common';
import { RateLimitGuard } from '../http/throttling/rate-limit.guard.js';
import type { RateLimitState } from '../http/throttling/rate.limits.js';

/** Adds the headers of OpenAI, which its clients read: of the window of each unit that is nearest to its limit. */
@Injectable()
export class OpenAIRateLimitGuard extends RateLimitGuard {
  protected override headersFor(states: readonly RateLimitState[]): Readonly<Record<string, string>> {
    return { ...super.headersFor(states), ...headersOf(states, 'requests'), ...headersOf(states, 'tokens') };
  }
}

function headersOf(states: readonly RateLimitState[], unit: RateLimitState['unit']): Record<string, string> {
  const [nearest] = states
    .filter((state) => state.unit === unit && state.quota > 0)
    .toSorted((one, other) => one.remaining - other.remaining);
  if (nearest === undefined) return {};
  return {
    [`x-ratelimit-limit-${unit}`]: String(nearest.quota),
    [`x-ratelimit-remaining-${unit}`]: String(nearest.remaining),
    [`x-ratelimit-reset-${unit}`]: `${nearest.secondsLeft}s`,
  };
}
