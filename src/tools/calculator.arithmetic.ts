import { Decimal } from 'decimal.js';
import { ToolError } from '../index.js';

/** Maximum length of an exact number, in digits. */
const EXACT_DIGITS = 1000;
/** Significant digits of a rounded result. */
const DISPLAY_DIGITS = 50;
/** Larger numbers are rejected: the result would be useless, and computing it could take forever. */
const MAX_EXPONENT = 10_000;
const MIN_PLAIN_VALUE = -30;

const BOUNDS = { defaults: true, maxE: MAX_EXPONENT, minE: -MAX_EXPONENT } as const;
const Exact = Decimal.clone({
  ...BOUNDS,
  precision: EXACT_DIGITS,
  toExpPos: EXACT_DIGITS,
  toExpNeg: MIN_PLAIN_VALUE,
});
/** Ten digits more than shown, so that 1/3*3 is 1. */
const Rounded = Decimal.clone({ ...BOUNDS, precision: DISPLAY_DIGITS + 10 });
/** Multiplies any two exact numbers without rounding. */
const DoublePrecision = Decimal.clone({ ...BOUNDS, precision: 2 * EXACT_DIGITS });
const Displayed = Decimal.clone({
  ...BOUNDS,
  precision: DISPLAY_DIGITS,
  toExpPos: DISPLAY_DIGITS,
  toExpNeg: MIN_PLAIN_VALUE,
});

/**
 * Decimal arithmetic that is exact up to 1000 digits. Results that do not terminate or fit are rounded to 50 digits.
 * Each operation throws a ToolError without a position if it has no result.
 */
export class Arithmetic {
  #isRounded = false;

  read(text: string): Decimal {
    return this.#checked(new Exact(text), !/[1-9]/.test(text.replace(/e.*/i, '')));
  }

  add(left: Decimal, right: Decimal): Decimal {
    return this.#checked(left.plus(right), true);
  }

  subtract(left: Decimal, right: Decimal): Decimal {
    return this.#checked(left.minus(right), true);
  }

  multiply(left: Decimal, right: Decimal): Decimal {
    return this.#checked(left.times(right), left.isZero() || right.isZero());
  }

  divide(left: Decimal, right: Decimal): Decimal {
    if (right.isZero()) throw new ToolError('division by zero.');
    const quotient = left.div(right);
    if (new DoublePrecision(quotient).times(right).equals(left)) return this.#checked(quotient, true);
    return this.#rounded(Rounded.div(left, right));
  }

  /** The remainder of a division; it has the sign of the dividend. */
  remainder(left: Decimal, right: Decimal): Decimal {
    if (right.isZero()) throw new ToolError('division by zero.');
    return this.#checked(left.modulo(right), true);
  }

  power(base: Decimal, exponent: Decimal): Decimal {
    if (base.isZero() && exponent.isNegative() && !exponent.isZero()) throw new ToolError('division by zero.');
    if (base.isNegative() && !base.isZero() && !exponent.isInteger()) {
      throw new ToolError('a negative number has no real power that is not an integer.');
    }
    if (base.isZero() || base.equals(1)) return base.pow(exponent);
    // Estimates the size first, so that 9^9^9^9 is not computed.
    const digits = exponent.toNumber() * logarithmOf(base);
    if (Math.abs(digits) > MAX_EXPONENT + 1) throw outOfRange(digits > 0);
    if (!exponent.isInteger() || !isExactPower(base, exponent)) return this.#rounded(Rounded.pow(base, exponent));
    const power = this.#checked(base.pow(exponent.abs()), false);
    return exponent.isNegative() ? this.divide(new Exact(1), power) : power;
  }

  /** Formats an exact value in full, a rounded one with 50 significant digits. */
  write(value: Decimal): string {
    const shown = this.#isRounded ? new Displayed(value).toSignificantDigits(DISPLAY_DIGITS) : value;
    return shown.isZero() ? '0' : shown.toString();
  }

  #rounded(value: Decimal): Decimal {
    this.#isRounded = true;
    return this.#checked(new Exact(value), false);
  }

  #checked(value: Decimal, mayBeZero: boolean): Decimal {
    if (!value.isFinite()) throw outOfRange(true);
    if (value.isZero() && !mayBeZero) throw outOfRange(false);
    if (value.precision() >= EXACT_DIGITS) this.#isRounded = true;
    return value;
  }
}

function outOfRange(isLarge: boolean): ToolError {
  const beyond = isLarge ? `large (beyond 10^${MAX_EXPONENT})` : `small (below 10^-${MAX_EXPONENT})`;
  return new ToolError(`the result is too ${beyond}.`);
}

/** Returns true if the power fits: the digits of its base, without trailing zeros, times the exponent. */
function isExactPower(base: Decimal, exponent: Decimal): boolean {
  const digits = logarithmOf(base) - base.e + base.precision() - 1;
  return exponent.abs().toNumber() * digits <= EXACT_DIGITS;
}

/** Estimates the logarithm to base 10. */
function logarithmOf(value: Decimal): number {
  const mantissa = new Rounded(value).abs().toSignificantDigits(15);
  return mantissa.e + Math.log10(mantissa.div(new Rounded(10).pow(mantissa.e)).toNumber());
}
