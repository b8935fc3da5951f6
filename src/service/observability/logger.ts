import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { activeSpanIds, AgentError } from '../../index.js';
import { LogDestination } from './log.destination.js';
import { prettyDestination } from './pretty.log.js';

/** Nest contexts whose startup messages are logged at level debug. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Failures that every request may have until somebody else's service is back. */
const OUTAGES: ReadonlySet<string> = new Set(['storage_unavailable', 'identity_unavailable']);

/** How the log is written. */
interface LogOptions {
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly isPretty: boolean;
  readonly isTraced: boolean;
}

/** Creates the log. On standard output, JSON lines are flushed in the background at least every 100 ms. */
export function createLogger({ level, isPretty, isTraced }: LogOptions, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { cause: (cause: unknown) => describe(cause) },
      // Adds the active span ids to each line; a line with its own ids keeps them.
      ...(isTraced && { mixin: () => activeSpanIds() ?? {} }),
    },
    destination ?? (isPretty ? prettyDestination() : new LogDestination()),
  );
}

/** Forwards the log messages of Nest and of the engine to the log of the service. */
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

  /** Nest passes a stack between line and context. Startup errors are skipped: main logs them once. */
  error(line: unknown, ...rest: readonly unknown[]): void {
    if (rest.at(-1) === 'ExceptionHandler' || rest.at(-1) === 'NestApplication') return;
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

/** Serializes an error with its stack and causes. Outages have no stack, because they are logged often. */
function describe(cause: unknown, hasStack = !OUTAGES.has(AgentError.from(cause).code)): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack, cause: deeper } = cause;
  return {
    type: name,
    message,
    ...(hasStack ? { stack } : {}),
    ...(deeper === undefined ? {} : { cause: describe(deeper, hasStack) }),
  };
}
