/** What code in the sandbox finds there, and how its values are written. */
export interface Prelude {
  /** For the code: log, info, warn, error, debug. */
  readonly console: Readonly<Record<string, (...values: unknown[]) => void>>;
  /** A value as text: a string as it is, plain data as JSON, anything else much as a console shows it. */
  readonly show: (value: unknown) => string;
  /** What was thrown, with the line of the code. */
  readonly explain: (thrown: unknown) => string;
}

/**
 * Sets up the inside of the sandbox. **Its source text runs in there**, within the limits of the code that it serves:
 * it may use nothing of this module or of Node.
 *
 * @param emit takes one logged line.
 * @param limit the longest text of one value, in characters; a longer one is cut after one more.
 */
export function prelude(emit: (line: string) => void, limit: number): Prelude {
  const DEEPEST = 12;
  // How much may still be written: it ends the walk through values that are endless or huge.
  let budget = limit;
  let above: object[] = [];

  const spend = (text: string): string => {
    budget -= text.length;
    return text;
  };

  const list = (open: string, close: string, items: Iterable<string>): string => {
    let text = spend(open);
    let isFirst = true;
    for (const item of items) {
      text += isFirst ? item : spend(',') + item;
      isFirst = false;
      if (budget < 0) break;
    }
    return text + spend(close);
  };

  function* elements(values: Iterable<unknown>): Generator<string> {
    for (const value of values) yield write(value);
  }

  function* pairs(entries: Iterable<readonly [unknown, unknown]>): Generator<string> {
    for (const [key, value] of entries) yield write(key) + spend(' => ') + write(value);
  }

  function* properties(value: object): Generator<string> {
    for (const key of Object.keys(value)) yield write(key) + spend(':') + write(Reflect.get(value, key));
  }

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- outside it would not be in the sandbox
  const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

  const contents = (value: object): string => {
    if (Array.isArray(value)) return list('[', ']', elements(value));
    if (ArrayBuffer.isView(value) && isIterable(value)) return list('[', ']', elements(value));
    if (value instanceof Map) return list('Map {', '}', pairs(value));
    if (value instanceof Set) return list('Set {', '}', elements(value));
    return list('{', '}', properties(value));
  };

  const writeObject = (value: object): string => {
    if (above.includes(value)) return spend('[Circular]');
    if (value instanceof Error) return spend(explain(value));
    if (value instanceof Date) return spend(Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
    if (value instanceof RegExp) return spend(String(value));
    if (value instanceof Promise) return spend('[Promise]');
    if (above.length >= DEEPEST) return spend(Array.isArray(value) ? '[Array]' : '[Object]');
    above.push(value);
    const text = contents(value);
    above.pop();
    return text;
  };

  const write = (value: unknown): string => {
    if (budget < 0) return '';
    switch (typeof value) {
      case 'string':
        return spend(JSON.stringify(value.slice(0, budget + 1)));
      case 'bigint':
        return spend(`${value}n`);
      case 'function':
        return spend(`[Function ${value.name || '(anonymous)'}]`);
      case 'object':
        return value === null ? spend('null') : writeObject(value);
      case 'number':
        return spend(Object.is(value, -0) ? '-0' : String(value));
      default:
        return spend(String(value));
    }
  };

  const show = (value: unknown): string => {
    // A getter may log while its object is written.
    const outer = { budget, above };
    budget = limit;
    above = [];
    try {
      return cut(typeof value === 'string' ? value : write(value));
    } finally {
      ({ budget, above } = outer);
    }
  };

  // One character too many tells outside that there was more.
  const cut = (text: string): string => text.slice(0, limit + 1);

  const explain = (thrown: unknown): string => {
    if (!(thrown instanceof Error)) return `Uncaught ${show(thrown)}`;
    const line = /\bcode\.js:(\d+)/.exec(String(thrown.stack))?.[1];
    const sentence = cut(thrown.message ? `${thrown.name}: ${thrown.message}` : thrown.name);
    return line === undefined ? sentence : `${sentence} (line ${line})`;
  };

  const log = (...values: unknown[]): void => emit(values.map(show).join(' '));
  return { console: { log, info: log, warn: log, error: log, debug: log }, show, explain };
}
