import { Random } from './random.js';

const NAMES = ['a', 'ab', 'b', 'c'] as const;
const LEAVES: readonly unknown[] = [
  true,
  false,
  { type: 'string' },
  { type: 'integer', minimum: 1 },
  { type: ['string', 'null'] },
  { enum: ['x', 1] },
  { anyOf: [{ type: 'boolean' }, { const: 'x' }] },
  { allOf: [{ type: 'number' }, { minimum: 0 }, { minimum: 1 }] },
  { type: 'array', items: [{ type: 'string' }] },
  { type: 'array', items: [{ type: 'string' }], additionalItems: false },
  { type: 'array', items: { type: 'integer' } },
  { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
];
const LEAF_VALUES: readonly unknown[] = ['x', 'y', 0, 1, true, null, ['x'], ['x', 1], [1], {}, { a: 'x' }, { b: 1 }];

/** Random schemas of small objects in draft 7, and values that often match them. */
export class RandomSchemas {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** An object schema with alternatives, parts and conditions, to that depth. */
  schema(depth: number): object {
    const parts = (): object[] => Array.from({ length: 1 + this.#random.below(3) }, () => this.schema(depth - 1));
    const schema = {
      ...(this.#isDrawn(4) ? {} : { properties: this.#record(this.#names(), LEAVES) }),
      ...(this.#isDrawn(3) ? { required: this.#names() } : {}),
      ...(this.#isDrawn(2) ? { additionalProperties: this.#pick([false, false, true, { type: 'string' }]) } : {}),
      ...(this.#isDrawn(4) ? { patternProperties: this.#record([this.#isDrawn(2) ? '^a' : 'b$'], LEAVES) } : {}),
      ...(this.#isDrawn(6) ? { maxProperties: 2 } : {}),
    };
    if (depth === 0) return schema;
    const branches = ['then', 'else'].filter(() => this.#isDrawn(2)).map((name) => [name, this.schema(depth - 1)]);
    return {
      ...schema,
      ...(this.#isDrawn(2) ? { anyOf: parts() } : {}),
      ...(this.#isDrawn(4) ? { oneOf: parts() } : {}),
      ...(this.#isDrawn(4) ? { allOf: parts() } : {}),
      ...(this.#isDrawn(4) ? { if: this.schema(0), ...Object.fromEntries(branches) } : {}),
    };
  }

  /** An object with some of the properties of the schemas. */
  value(): object {
    return this.#record(this.#names(), LEAF_VALUES);
  }

  #isDrawn(oneIn: number): boolean {
    return this.#random.below(oneIn) === 0;
  }

  #names(): string[] {
    return NAMES.filter(() => this.#isDrawn(2));
  }

  #record(names: readonly string[], values: readonly unknown[]): object {
    return Object.fromEntries(names.map((name) => [name, this.#pick(values)]));
  }

  #pick(values: readonly unknown[]): unknown {
    return values[this.#random.below(values.length)];
  }
}
