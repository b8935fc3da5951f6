import { ToolError } from '../index.js';
import { quote } from './quote.js';

const OPERATORS = ['+', '-', '*', '/', '%', '^'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A token of an expression; `at` is its position, counted in characters from 1. */
export type Token =
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'operator'; readonly text: Operator; readonly at: number }
  | { readonly kind: '(' | ')' | 'end'; readonly text: string; readonly at: number };

const PIECE = /(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)|(?<sign>\*\*|[-+−–*×·/÷%^])|(?<other>\S)/giu;

/** Other spellings of operators, which people and models use. */
const SPELLINGS: Readonly<Record<string, Operator>> = { '−': '-', '–': '-', '×': '*', '·': '*', '÷': '/', '**': '^' };

/** @throws ToolError at the first character that is not part of an expression. */
export function tokensOf(expression: string): Token[] {
  const tokens = [...expression.matchAll(PIECE)].map(({ index, groups = {} }) =>
    tokenOf(index + 1, groups['number'], groups['sign'], groups['other']),
  );
  return [...tokens, { kind: 'end', text: '', at: expression.length + 1 }];
}

function tokenOf(at: number, number?: string, sign = '', other = ''): Token {
  if (number !== undefined) return { kind: 'number', text: number, at };
  const operator = OPERATORS.find((each) => each === (SPELLINGS[sign] ?? sign));
  if (operator) return { kind: 'operator', text: operator, at };
  if (other === '(' || other === ')') return { kind: other, text: other, at };
  const hint = other === ',' ? ' Write 1234.5 for 1,234.5.' : '';
  throw new ToolError(`Character ${at}, ${quote(other)}: expected only numbers, + - * / % ^ and parentheses.${hint}`);
}
