import { setTimeout as sleep } from 'node:timers/promises';
import { HttpException } from '@nestjs/common';
import type { ToolDefinition } from '../../../agents/tool.definition.js';
import { ToolError } from '../../../agents/tool.error.js';
import { AgentError } from '../../../errors/agent.error.js';
import { outageIn } from '../../../storage/database.unavailable.js';
import { RunInterrupted } from '../../events/event.writer.js';
import type { Run } from '../../run.js';

/**
 * Calls a tool, and calls it again as its option `retry` says.
 *
 * @throws the last failure, or the abort reason of the run.
 */
export async function withToolRetries<T>(
  { signal, deadlineAt }: Pick<Run, 'signal' | 'deadlineAt'>,
  tool: ToolDefinition,
  { call, onRetry }: { readonly call: () => Promise<T>; readonly onRetry: () => Promise<void> },
): Promise<T> {
  const { most, initialMs, factor } = tool.retry;
  for (let made = 0; ; made++) {
    try {
      return await call();
    } catch (failure) {
      signal.throwIfAborted();
      const waitMs = initialMs * factor ** made;
      const isInTime = performance.now() + waitMs < deadlineAt;
      if (made >= most || !isInTime || !canBeRepeated(tool, failure)) throw failure;
      await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      await onRetry();
    }
  }
}

/** Whether another call may succeed and does no harm. A tool that marks its error as retryable has done nothing. */
function canBeRepeated({ isIdempotent }: ToolDefinition, failure: unknown): boolean {
  if (failure instanceof ToolError) return failure.isRetryable;
  if (!isIdempotent || failure instanceof RunInterrupted || outageIn(failure)) return false;
  if (failure instanceof AgentError) return failure.retryAfterSeconds !== undefined;
  // A guard or a pipe refuses the call.
  return !(failure instanceof HttpException) || failure.getStatus() >= 500;
}
