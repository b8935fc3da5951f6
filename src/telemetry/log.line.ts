import { inspect } from 'node:util';

/**
 * A log line with fields. Loggers that write JSON see the fields. Nest's own console logger would print an object on a
 * line for each field; it prints this one on one line.
 *
 * @example
 * this.logger.log(new LogLine({ run_id: run.id, msg: 'run finished' }));
 */
export class LogLine {
  constructor(fields: Readonly<Record<string, unknown>> & { readonly msg: string }) {
    Object.assign(this, fields);
  }

  [inspect.custom](): string {
    const entries: readonly (readonly [string, unknown])[] = Object.entries(this);
    const fields = entries.filter(([name, value]) => name !== 'msg' && value !== undefined);
    const message = entries.find(([name]) => name === 'msg');
    return [String(message?.[1]), ...fields.map(([name, value]) => `${name}=${text(value)}`)].join(' ');
  }
}

function text(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return value;
  return value instanceof Error ? JSON.stringify(value.message) : JSON.stringify(value);
}
