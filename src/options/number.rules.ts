import type { AgentModuleOptions } from '../agent.options.js';
import type { BrokenRule } from '../json/object.shape.js';

/** The longest delay that a timer accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const { MAX_SAFE_INTEGER } = Number;

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

const TIME_LIMIT: Bounds = { min: 1, max: MAX_TIMER_MS };
const DELAY: Bounds = { min: 0, max: MAX_TIMER_MS };
const DAYS: Bounds = { min: 0, max: MAX_SAFE_INTEGER };
/** Dates beyond a century are not valid everywhere. */
const LIFETIME: Bounds = { min: 0.001, max: 36_500 };
/** 0: no limit. */
const HOURS: Bounds = { min: 0, max: 36_500 * 24 };
const MINUTES: Bounds = { min: 0, max: 36_500 * 24 * 60 };
/** 0: no limit, or none. */
const COUNT: Bounds = { min: 0, max: MAX_SAFE_INTEGER, isWhole: true };
const POSITIVE: Bounds = { ...COUNT, min: 1 };

/** Finds the numeric options outside their bounds. */
export function* numberFaults(options: AgentModuleOptions): Iterable<BrokenRule> {
  for (const [option, value, bounds] of numbersOf(options)) {
    const { min, max, isWhole = false } = bounds;
    if (value === undefined || (value >= min && value <= max && (!isWhole || Number.isInteger(value)))) continue;
    const kind = isWhole ? 'a whole number from' : 'from';
    yield [option, ` must be ${kind} ${min} to ${max}, not ${value}`];
  }
}

function numbersOf(options: AgentModuleOptions): readonly (readonly [string, number | undefined, Bounds])[] {
  const { rateLimit, budgets } = options;
  return [
    ['timeoutMs', options.timeoutMs, TIME_LIMIT],
    ['taskTimeoutMs', options.taskTimeoutMs, TIME_LIMIT],
    ['requestTimeoutMs', options.requestTimeoutMs, TIME_LIMIT],
    ['taskConcurrency', options.taskConcurrency, POSITIVE],
    ['taskConcurrencyPerCaller', finite(options.taskConcurrencyPerCaller), POSITIVE],
    ['approvalTimeoutHours', options.approvalTimeoutHours, HOURS],
    ['openCallsTimeoutMinutes', options.openCallsTimeoutMinutes, MINUTES],
    ['maxQueuedTasks', finite(options.maxQueuedTasks), COUNT],
    ['maxSessionsPerTenant', finite(options.maxSessionsPerTenant), COUNT],
    ['maxStorageMbPerTenant', finite(options.maxStorageMbPerTenant), COUNT],
    ['keyTtlDays', options.keyTtlDays, LIFETIME],
    ['keyMaxDays', options.keyMaxDays, LIFETIME],
    ['runTtlDays', options.runTtlDays, DAYS],
    ['sessionTtlDays', options.sessionTtlDays, DAYS],
    ['streamGraceMs', options.streamGraceMs, DELAY],
    ['historyTokens', options.historyTokens, COUNT],
    ['maxOutputTokens', options.maxOutputTokens, POSITIVE],
    ['maxConcurrentRuns', options.maxConcurrentRuns, POSITIVE],
    ['maxStreamsPerCaller', finite(options.maxStreamsPerCaller), COUNT],
    ['rateLimit.requests', rateLimit?.requests, COUNT],
    ['rateLimit.windowSeconds', rateLimit?.windowSeconds, { min: 1, max: MAX_TIMER_MS / 1000 }],
    ['rateLimit.tokens', rateLimit?.tokens, COUNT],
    ['rateLimit.tenantRequests', rateLimit?.tenantRequests, COUNT],
    ['rateLimit.tenantTokens', rateLimit?.tenantTokens, COUNT],
    ['budgets.tenantTokensPerMonth', finite(budgets?.tenantTokensPerMonth), COUNT],
    ['budgets.tenantCostPerMonth', finite(budgets?.tenantCostPerMonth), { min: 0, max: MAX_SAFE_INTEGER }],
    ['authFailureLimit', options.authFailureLimit, COUNT],
    ['shutdownTimeoutMs', options.shutdownTimeoutMs, DELAY],
  ];
}

/** Infinity means no limit. */
function finite(value: number | undefined): number | undefined {
  return value === Infinity ? undefined : value;
}
