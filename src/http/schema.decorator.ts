import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateBy, ValidateIf } from 'class-validator';

/** The longest text that an answer may hold: what a provider is read up to. */
const LONGEST_TEXT = 64 * 1024 * 1024;
/** What a session may be called. */
export const SESSION_ID = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/;

export const SESSION_ID_RULE = 'must be 1–128 of A–Z a–z 0–9 . _ : - and neither "." nor ".."';

/** The field may be left out; null is not the same as left out, and refused. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Checks the id of a session. */
export function IsSessionId(): PropertyDecorator {
  return applyDecorators(
    Matches(SESSION_ID, { message: `$property ${SESSION_ID_RULE}` }),
    ApiProperty({ pattern: SESSION_ID.source, maxLength: 128 }),
  );
}

/** Checks for text that every database can store as it is: no NUL, no half of a surrogate pair. */
export function IsText(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isText',
      validator: { validate: (value) => typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0')) },
    },
    { message: '$property must not contain NUL or half a surrogate pair' },
  );
}

/** Documents an id or a name in an answer. */
export function ApiName(maxLength = 128): PropertyDecorator {
  return ApiProperty({ minLength: 1, maxLength });
}

/** Documents text in an answer. */
export function ApiText(maxLength = LONGEST_TEXT): PropertyDecorator {
  return ApiProperty({ maxLength });
}

/** Documents a whole number from 0 up in an answer. */
export function ApiCount(): PropertyDecorator {
  return ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
}

/** Documents a time in an answer. */
export function ApiTime(): PropertyDecorator {
  return ApiProperty({ format: 'date-time', maxLength: 24 });
}

/** Documents a list in an answer. */
export function ApiList(maxItems: number): PropertyDecorator {
  return ApiProperty({ maxItems });
}
