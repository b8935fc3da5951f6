import type { ArgumentsHost } from '@nestjs/common';

/** The context type that guards, interceptors and pipes see. */
export const CONTEXT_TYPE = 'agent-tool';

/**
 * Whether the context is a call of a tool, which has no HTTP request. Its arguments are the input and the ToolContext.
 * A global guard asks this before it reads the request.
 *
 * @example
 * import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
 * import { isToolCall } from 'rookery';
 *
 * \@Injectable()
 * export class TokenGuard implements CanActivate {
 *   canActivate(context: ExecutionContext) {
 *     // The caller of the run has passed this guard on its route.
 *     if (isToolCall(context)) return true;
 *     return context.switchToHttp().getRequest().headers.authorization === 'Bearer …';
 *   }
 * }
 */
export function isToolCall(context: ArgumentsHost): boolean {
  return context.getType<string>() === CONTEXT_TYPE;
}
