import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { activeSpanIds, AgentError } from '../index.js';

/** What Nest says of itself while it starts; of interest only when something is wrong with the start. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** The service's log: JSON lines on standard output, written in the background, at the latest
 * after a tenth of a second. */
export function createLogger(level: string, isTraced = false): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { cause: describe },
      // Joins what is logged amid a span to its trace; a line that names its own span keeps it.
      ...(isTraced && { mixin: () => activeSpanIds() ?? {} }),
    },
    pino.destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 100 }),
  );
}

/** Takes what Nest and the engine log into the service's log. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(line: unknown, context?: string): void {
    if (context !== undefined && FRAMEWORK.has(context)) this.debug(line, context);
    else this.logger.info(fields(line, context));
  }

  warn(line: unknown, context?: string): void {
    this.logger.warn(fields(line, context));
  }

  debug(line: unknown, context?: string): void {
    this.logger.debug(fields(line, context));
  }

  verbose(line: unknown, context?: string): void {
    this.logger.trace(fields(line, context));
  }

  /** Nest passes a stack between line and context. What stops the start is told by main, once. */
  error(line: unknown, ...rest: readonly unknown[]): void {
    if (rest.at(-1) === 'ExceptionHandler') return;
    this.logger.error({ ...fields(line, rest.at(-1)), ...(rest.length > 1 ? { stack: rest[0] } : {}) });
  }

  fatal(line: unknown, context?: string): void {
    this.logger.fatal(fields(line, context));
  }
}

function fields(line: unknown, context: unknown): object {
  if (line instanceof Error) return { context, msg: line.message, cause: line };
  if (typeof line === 'object' && line !== null) return line;
  return { context, msg: String(line) };
}

/** An error with its stack and what caused it; anything else as it is. Outages are told often, so without stacks. */
function describe(cause: unknown): unknown {
  return described(cause, AgentError.from(cause).code !== 'storage_unavailable');
}

function described(cause: unknown, hasStack: boolean): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack, cause: deeper } = cause;
  return {
    type: name,
    message,
    ...(hasStack ? { stack } : {}),
    ...(deeper === undefined ? {} : { cause: described(deeper, hasStack) }),
  };
}
