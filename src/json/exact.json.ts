/** JSON with a number that a program cannot hold exactly: a large id, for example. */
export class InexactNumber extends Error {
  override readonly name = 'InexactNumber';

  constructor(source: string) {
    super(`The number ${source.slice(0, 40)} cannot be read exactly. Send it as a string.`);
  }
}

/**
 * Parses JSON without changing a value: no integer is rounded. Half a surrogate pair in a string becomes U+FFFD.
 *
 * @throws SyntaxError if the text is not JSON, InexactNumber if it has an integer that would be rounded.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value === 'number' && !isExact(value, context?.source)) throw new InexactNumber(context?.source ?? '');
    return value;
  });
}

/** Parses JSON exactly; undefined if that is not possible. */
export function tryParseExactJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function isExact(value: number, source = ''): boolean {
  if (!Number.isFinite(value)) return false;
  // A fraction is rounded everywhere.
  return Number.isSafeInteger(value) || !Number.isInteger(value) || integerOf(source) === BigInt(value);
}

/** The exact value of a JSON number that is an integer; undefined if it is none. */
function integerOf(source: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]\+?(-?\d+))?$/.exec(source) ?? [];
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : undefined;
}
