/** The globals of sandboxed code, and the functions that format its values. */
export interface Prelude {
  /** The console of the code: log, info, warn, error, debug. */
  readonly console: Readonly<Record<string, (...values: unknown[]) => void>>;
  /** Formats a value: strings unchanged, plain data as JSON, other values similar to a console. */
  readonly show: (value: unknown) => string;
  /** Formats a thrown value, with the line of the code. */
  readonly explain: (thrown: unknown) => string;
}

/**
 * Sets up the sandbox. **The source text of this function runs inside the sandbox**, within its limits. It must not use
 * anything from this module or from Node.
 *
 * @param emit receives one logged line.
 * @param limit the maximum length of one value, in characters. Longer text is cut after one extra character.
 */
export function prelude(emit: (line: string) => void, limit: number): Prelude {
  const DEEPEST = 12;
  // The remaining characters; stops the traversal of endless or huge values.
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

  const contents = (value: object): string => {
    if (Array.isArray(value)) return list('[', ']', elements(value));
    if (ArrayBuffer.isView(value) && 'length' in value)
      return list('[', ']', elements(Array.prototype.values.call(value)));
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
    // A getter may log while its object is being formatted.
    const outer = { budget, above };
    budget = limit;
    above = [];
    try {
      return cut(typeof value === 'string' ? value : write(value));
    } finally {
      ({ budget, above } = outer);
    }
  };

  // The extra character shows the host that text was cut.
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
