import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, MaxLength, MinLength, ValidateNested } from 'class-validator';
import { AgentError, type FieldError } from '../../errors/agent.error.js';
import { RequestPipe } from './validation.pipe.js';

class Inner {
  @IsString()
  @MinLength(2)
  name: string;
}

class Body {
  @IsString()
  @MinLength(1)
  @MaxLength(10)
  message: string;

  @IsOptional()
  @IsInt()
  @Max(5)
  level?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

class Strict {
  @Length(2, 3)
  text: string;
}

const pipe = new RequestPipe();
const BODY: ArgumentMetadata = { type: 'body', metatype: Body };

/** The error that rejects the value. */
async function refusalOf(value: unknown, metadata = BODY): Promise<AgentError> {
  const outcome: unknown = await pipe.transform(value, metadata).catch((failure: unknown) => failure);
  if (!(outcome instanceof AgentError)) throw new Error(`It was not refused: ${JSON.stringify(outcome)}`);
  expect(outcome.code).toBe('validation_failed');
  return outcome;
}

async function faultsOf(value: unknown, metadata = BODY): Promise<readonly FieldError[]> {
  return (await refusalOf(value, metadata)).errors ?? [];
}

/** Wraps a value in that many lists or objects. */
function nested(levels: number, wrap: (value: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

describe('RequestPipe', () => {
  it('returns an instance of the DTO', async () => {
    const body = await pipe.transform({ message: 'hello', inner: { name: 'ab' } }, BODY);
    expect(body).toBeInstanceOf(Body);
    expect(body).toEqual({ message: 'hello', inner: { name: 'ab' } });
  });

  it('does not look into values that the service itself makes', async () => {
    const own = nested(40, (value) => ({ constructor: value }));
    expect(await pipe.transform(own, { type: 'custom', metatype: Body })).toBe(own);
  });

  it('names the field and the rule, also in the detail', async () => {
    const refusal = await refusalOf({ message: 'hello', level: 9 });
    expect(refusal.errors).toEqual([{ field: 'level', message: 'level must not be greater than 5' }]);
    expect(refusal.message).toBe('level must not be greater than 5');
  });

  it('names every invalid field', async () => {
    const faults = await faultsOf({ message: '', level: 9, more: 1 });
    expect(faults.map(({ field }) => field).toSorted()).toEqual(['level', 'message', 'more']);
  });

  it('names a nested field with dots', async () => {
    expect(await faultsOf({ message: 'hello', inner: { name: 'a', more: 1 } })).toEqual(
      expect.arrayContaining([
        { field: 'inner.name', message: 'name must be longer than or equal to 2 characters' },
        { field: 'inner.more', message: 'more is not a field of this request' },
      ]),
    );
  });

  it('reports only the wrong type of a value', async () => {
    expect(await faultsOf({ message: 5 })).toEqual([{ field: 'message', message: 'message must be a string' }]);
    expect(await faultsOf({ message: 'hello', level: 'x' })).toEqual([
      { field: 'level', message: 'level must be an integer number' },
    ]);
  });

  it('rejects an unknown field', async () => {
    expect(await faultsOf({ message: 'hello', mesage: 1 })).toEqual([
      { field: 'mesage', message: 'mesage is not a field of this request' },
    ]);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', 'prototype'])(
    'rejects %s, a property of every object',
    async (name) => {
      const value: unknown = JSON.parse(`{"message":"hello","${name}":1}`);
      expect(await faultsOf(value)).toContainEqual({
        field: name,
        message: `${name} is not a field of this request`,
      });
      const within: unknown = JSON.parse(`{"message":"hello","inner":{"name":"ab","more":[{"${name}":1}]}}`);
      expect(await faultsOf(within)).toEqual([
        { field: `inner.more.0.${name}`, message: `inner.more.0.${name} is not a field of this request` },
      ]);
    },
  );

  it('rejects an object with more than 1000 fields at any depth, before validation', async () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));
    const tooMany = [{ field: '', message: 'An object in a request may have at most 1000 fields' }];

    expect(await faultsOf({ message: 'hello', ...fields(999) })).toHaveLength(100);
    expect(await faultsOf({ message: 'hello', ...fields(1000) })).toEqual(tooMany);
    expect(await faultsOf({ message: 'hello', inner: { name: 'ab', more: [fields(1001)] } })).toEqual(tooMany);
  });

  it.each([
    ['lists', (value: unknown) => [value]],
    ['objects', (value: unknown) => ({ a: value })],
  ])('rejects %s nested more than 32 levels deep, before validation', async (_, wrap) => {
    expect(await faultsOf(nested(33, wrap))).toEqual([
      { field: '', message: 'A request may nest at most 32 levels deep' },
    ]);
    expect(await faultsOf(nested(100_000, wrap))).toHaveLength(1);
    expect(await faultsOf({ message: nested(31, wrap) })).not.toContainEqual(
      expect.objectContaining({ message: 'A request may nest at most 32 levels deep' }),
    );
  });

  describe('an error response that is smaller than the request', () => {
    const many = Object.fromEntries(Array.from({ length: 990 }, (_, index) => [`k${index}`, 1]));

    it('has at most 100 errors for 990 unknown fields, and ten of them in its detail', async () => {
      const body = { message: 'hello', ...many };
      const refusal = await refusalOf(body);
      expect(refusal.errors).toHaveLength(100);
      expect(refusal.message.split('; ')).toHaveLength(10);
      expect(JSON.stringify(refusal.toBody('r')).length).toBeLessThan(JSON.stringify(body).length);
    });

    it('has at most 100 errors for 990 unknown fields of a nested object', async () => {
      expect(await faultsOf({ message: 'hello', inner: { name: 'ab', ...many } })).toHaveLength(100);
    });

    it('shortens the name of a field to 200 characters, in field and message', async () => {
      const refusal = await refusalOf({ message: 'hello', ['x'.repeat(200_000)]: 1 });
      expect(refusal.errors).toEqual([{ field: 'x'.repeat(200), message: 'x'.repeat(200) }]);
      expect(refusal.message).toHaveLength(200);
    });
  });

  it.each([['[]'], ['"hello"'], ['5'], ['null'], ['true'], ['[{"message":"hello"}]']])(
    'rejects %s as a body',
    async (text) => {
      expect(await faultsOf(JSON.parse(text))).not.toEqual([]);
    },
  );

  it('validates queries and paths too', async () => {
    for (const type of ['query', 'param'] as const) {
      expect(await faultsOf({ text: 'a' }, { type, metatype: Strict })).toEqual([
        { field: 'text', message: 'text must be longer than or equal to 2 characters' },
      ]);
      expect(await faultsOf({ text: 'abc', txt: 'a' }, { type, metatype: Strict })).toEqual([
        { field: 'txt', message: 'txt is not a field of this request' },
      ]);
    }
  });
});
