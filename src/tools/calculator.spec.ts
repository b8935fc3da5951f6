import { msOf } from '../../test/support/time.js';
import { Decimal } from 'decimal.js';
import { calculate } from './calculator.js';
import { ToolError } from '../index.js';

describe('calculate', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['10 - 4 - 3', '3'],
    ['2 * 12 / 4 / 3', '2'],
    ['7 % 4', '3'],
    ['-7 % 4', '-3'],
    ['1e9999 % 7', (10n ** 9999n % 7n).toString()],
    ['\n 1\t+ 1 ', '2'],
    ['((((1))))', '1'],
    ['5.', '5'],
    ['.5 + 1E3', '1000.5'],
    ['12e-1', '1.2'],
    ['6 × 7 ÷ 2 − 1', '20'],
    ['0 * -1', '0'],
  ])('%s is %s', (expression, result) => {
    expect(calculate(expression)).toBe(result);
  });

  it.each([
    ['2^10', '1024'],
    ['2**10', '1024'],
    ['2^3^2', '512'],
    ['(2^3)^2', '64'],
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['(-2)^3', '-8'],
    ['2^-2', '0.25'],
    ['2^-1^2', '0.5'],
    ['2*-3', '-6'],
    ['--3', '3'],
    ['-+-3', '3'],
    ['4^0.5', '2'],
    ['4^-0.5', '0.5'],
    ['27^(1/3)', '3'],
    ['0^0', '1'],
    ['0^2.5', '0'],
    ['1^1e9999', '1'],
    ['(-1)^1001', '-1'],
    ['(-1)^100000001', '-1'],
    ['(-1)^1e9999', '1'],
    ['(-10)^5', '-100000'],
    ['1.5^-2', '0.44444444444444444444444444444444444444444444444444'],
    ['10^-5000 * 10^5000', '1'],
  ])('raises powers from right to left and before signs: %s is %s', (expression, result) => {
    expect(calculate(expression)).toBe(result);
  });

  it.each([
    ['0.1 + 0.2', '0.3'],
    ['1.1 * 1.1', '1.21'],
    ['3 * 0.1 - 0.3', '0'],
    ['9007199254740993 + 0', '9007199254740993'],
    ['1/3*3', '1'],
    ['1/8', '0.125'],
    ['100000000000000000000000000000000000000000000000000000000000000000001 + 1', `1${'0'.repeat(67)}2`],
    ['2^200', (2n ** 200n).toString()],
    ['3^2000', (3n ** 2000n).toString()],
    ['2^300 / 2^50', (2n ** 250n).toString()],
    ['0.5^-500', (2n ** 500n).toString()],
    ['99999^99 / 99999^98', '99999'],
    ['1e1000 + 1e-1 - 1e1000', '0'],
  ])('is exact: %s is %s', (expression, result) => {
    expect(calculate(expression)).toBe(result);
  });

  it('returns 50 digits of a result that does not terminate', () => {
    expect(calculate('1/3')).toBe(`0.${'3'.repeat(50)}`);
    expect(calculate('2^0.5')).toBe('1.4142135623730950488016887242096980785696718753769');
    expect(calculate('1e100/3')).toBe(`3.${'3'.repeat(49)}e+99`);
    expect(calculate('1.0000001^100000000')).toMatch(/^22026\.4/);
    expect(calculate('10^5000')).toBe('1e+5000');
    expect(calculate('1/10^40')).toBe('1e-40');
  });

  it.each([
    ['', 'The expression is empty'],
    ['  ', 'The expression is empty'],
    ['1 / 0', 'Character 3, "/": division by zero.'],
    ['1 / (2 - 2)', 'Character 3, "/": division by zero.'],
    ['5 % 0', 'Character 3, "%": division by zero.'],
    ['0^-1', 'Character 2, "^": division by zero.'],
    ['(-8)^(1/3)', 'Character 5, "^": a negative number has no real power'],
    ['(1 + (2)', 'Character 1, "(": it is never closed.'],
    ['1 + 2)', 'Character 6, ")": it has no matching "(".'],
    ['()', 'Character 2: expected a number or "(", but found ")".'],
    ['1 +', 'Character 4: expected a number or "(", but the expression ends.'],
    ['* 2', 'Character 1: expected a number or "(", but found "*".'],
    ['5%', 'Character 3: expected a number'],
    ['2 3', 'Character 3, "3": expected an operator before it.'],
    ['2(3)', 'Character 2, "(": expected an operator before it.'],
    ['(2 3)', 'Character 4, "3": expected an operator or ")" before it.'],
    ['1.2.3', 'Character 4, ".3": expected an operator'],
    ['1,234', 'Character 2, ",": expected only numbers, + - * / % ^ and parentheses. Write 1234.5 for 1,234.5.'],
    ['2 = 2', 'Character 3, "="'],
    ['sqrt(2)', 'Character 1, "s"'],
    ['1e', 'Character 2, "e"'],
    ['0x10', 'Character 2, "x"'],
    ['Infinity', 'Character 1, "I"'],
    ['process.exit()', 'Character 1, "p"'],
    ['1 + 💥', 'Character 5, "💥"'],
    ['1e10001', 'Character 1, "1e10001": the result is too large (beyond 10^10000).'],
    ['1e-99999999999', 'Character 1, "1e-99999999999": the result is too small'],
    [`1e${'9'.repeat(900)}`, 'the result is too large'],
    ['9^9^9^9', 'Character 4, "^": the result is too large (beyond 10^10000).'],
    ['9^-(9^9^9)', 'the result is too'],
    ['9^-99999', 'Character 2, "^": the result is too small (below 10^-10000).'],
    ['0.5^1e6', 'the result is too small'],
    ['1e9999 * 1e9999', 'Character 8, "*": the result is too large'],
    ['1e-9999 * 1e-9999', 'Character 9, "*": the result is too small'],
    ['1e-9999 / 1e9999', 'Character 9, "/": the result is too small'],
    ['1e9999 / 1e-9999', 'Character 8, "/": the result is too large'],
    ['1e10000 * 9 + 1e10000', 'Character 13, "+": the result is too large'],
    ['1'.repeat(1001), 'The expression has 1001 characters. Give at most 1000'],
    ['('.repeat(500), 'Character 101: more than 100 levels deep.'],
    ['-'.repeat(999), 'more than 100 levels deep'],
    ['1^'.repeat(400), 'more than 100 levels deep'],
  ])('reports the fault of %.30s and its position', (expression, sentence) => {
    expect(() => calculate(expression)).toThrow(ToolError);
    expect(() => calculate(expression)).toThrow(sentence);
  });

  it('takes less than a second for the heaviest expressions of 1000 characters', () => {
    const heaviest = [
      '1.0000001^1e9',
      '1.1^9999.5',
      '1.23456789^9999',
      '1e9999%1.7e-9999',
      '1/3^9999',
      '0.9999999^-1e9',
      '7^0.123456789',
    ];
    for (const term of heaviest) {
      const expression = Array(Math.floor(1000 / (term.length + 1)))
        .fill(term)
        .join('+');
      expect(msOf(() => calculate(expression))).toBeLessThan(4000);
    }
  });

  it('does not change the global settings of decimal.js', () => {
    calculate('1/3');
    expect(Decimal.precision).toBe(20);
  });
});
