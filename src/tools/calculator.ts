import type { Decimal } from 'decimal.js';
import { Arithmetic } from './calculator.arithmetic.js';
import { type Operator, type Token, tokensOf } from './calculator.tokens.js';
import { ToolError } from '../index.js';

const MAX_EXPRESSION_LENGTH = 1000;
const MAX_NESTING = 100;

/** Operator precedence. A sign binds tighter than * and looser than ^: -2^2 is -4. */
const PRECEDENCE = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 4 } as const satisfies Record<Operator, number>;
const SIGN_PRECEDENCE = 3;
/** The method of `Arithmetic` for each operator. */
const METHODS = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '^': 'power',
} as const;

/**
 * Evaluates an expression of decimal numbers (also `1e3`), + - * / % ^, signs and parentheses. Results are exact:
 * 0.1+0.2 is 0.3, and 2^200 has all its digits. Results that cannot be exact (1/3, 2^0.5) have 50 significant digits.
 * ^ is right-associative; % is the remainder, with the sign of the dividend.
 *
 * @throws ToolError with the fault and its position, counted from 1. The limits are 1000 characters, 100 levels, and
 * results up to 10^±10000. Division by zero and invalid syntax throw too.
 */
export function calculate(expression: string): string {
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw new ToolError(
      `The expression has ${expression.length} characters. Give at most ${MAX_EXPRESSION_LENGTH} per call.`,
    );
  }
  if (expression.trim() === '') throw new ToolError('The expression is empty. Give one such as (1 + 2) * 3.');
  return new Calculation(tokensOf(expression)).result();
}

/**
 * Evaluates one expression by precedence climbing. Parsers of the registry do not fit. mathjs takes a second to load.
 * expr-eval reads binary floats and overflows the stack. jsep reads -2^2 as (-2)^2, and its tree has no positions.
 */
class Calculation {
  readonly #arithmetic = new Arithmetic();
  #next = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  result(): string {
    const value = this.#expression(0);
    const { kind, at, text } = this.#token();
    if (kind === ')') throw new ToolError(`Character ${at}, ")": it has no matching "(".`);
    if (kind !== 'end') throw new ToolError(`Character ${at}, "${text}": expected an operator before it.`);
    return this.#arithmetic.write(value);
  }

  /** Evaluates operators with at least this precedence. */
  #expression(precedence: number): Decimal {
    let left = this.#operand();
    for (let token = this.#token(); token.kind === 'operator'; token = this.#token()) {
      const { text: operator, at } = token;
      if (PRECEDENCE[operator] < precedence) break;
      this.#next += 1;
      // ^ is right-associative: 2^3^2 is 2^(3^2).
      const right = this.#nested(at, operator === '^' ? PRECEDENCE['^'] : PRECEDENCE[operator] + 1);
      left = this.#apply(token, left, right);
    }
    return left;
  }

  #operand(): Decimal {
    const { kind, text, at } = this.#token();
    if (kind === 'number') {
      this.#next += 1;
      return this.#withPosition(at, text, () => this.#arithmetic.read(text));
    }
    if (kind === '(') {
      this.#next += 1;
      return this.#parenthesis(at);
    }
    if (text === '-' || text === '+') {
      this.#next += 1;
      const value = this.#nested(at, SIGN_PRECEDENCE);
      return text === '-' ? value.negated() : value;
    }
    const found = kind === 'end' ? 'the expression ends' : `found "${text}"`;
    throw new ToolError(`Character ${at}: expected a number or "(", but ${found}.`);
  }

  #parenthesis(openedAt: number): Decimal {
    const value = this.#nested(openedAt, 0);
    const { kind, at, text } = this.#token();
    if (kind === 'end') throw new ToolError(`Character ${openedAt}, "(": it is never closed.`);
    if (kind !== ')') throw new ToolError(`Character ${at}, "${text}": expected an operator or ")" before it.`);
    this.#next += 1;
    return value;
  }

  #nested(at: number, precedence: number): Decimal {
    this.#depth += 1;
    if (this.#depth > MAX_NESTING) {
      throw new ToolError(`Character ${at}: more than ${MAX_NESTING} levels deep. Split the expression.`);
    }
    const value = this.#expression(precedence);
    this.#depth -= 1;
    return value;
  }

  #apply({ text, at }: { text: Operator; at: number }, left: Decimal, right: Decimal): Decimal {
    return this.#withPosition(at, text, () => this.#arithmetic[METHODS[text]](left, right));
  }

  /** Adds the position to a ToolError. */
  #withPosition(at: number, text: string, compute: () => Decimal): Decimal {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
      throw new ToolError(`Character ${at}, "${shown}": ${error.message}`, { cause: error });
    }
  }

  #token(): Token {
    return this.tokens[this.#next] ?? { kind: 'end', text: '', at: 1 };
  }
}
