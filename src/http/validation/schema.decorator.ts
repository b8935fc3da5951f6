import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isISO8601, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { isStorable } from '../../json/storable.text.js';

/** The maximum length of text in a response. It equals the read limit for provider responses. */
const MAX_TEXT_LENGTH = 64 * 1024 * 1024;
const MAX_INSTANT_LENGTH = 40;
/** The maximum length of a list of names in a request. */
export const MAX_LIST_ITEMS = 100;
const OFFSET_AT_END = /^.{1,34}(?:Z|[+-]\d\d:\d\d)$/;
/** The format of session ids. */
export const SESSION_ID = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/;

export const SESSION_ID_RULE = 'must be 1–128 of A–Z a–z 0–9 . _ : - and neither "." nor ".."';

/** Makes a field optional. Unlike an absent field, null is rejected. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Makes a field of a change optional: null removes what it sets. */
export function OptionalOrNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

/** Validates a list of 1 to 100 texts. */
export function IsTextList(isItem: (item: string) => boolean, what: string): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MAX_LIST_ITEMS &&
    value.every((item) => typeof item === 'string' && isStorable(item) && isItem(item));
  return ValidateBy(
    { name: 'isTextList', validator: { validate } },
    { message: `$property must be a list of 1 to ${MAX_LIST_ITEMS} ${what}` },
  );
}

/** Validates a session id. */
export function IsSessionId(): PropertyDecorator {
  return applyDecorators(
    Matches(SESSION_ID, { message: `$property ${SESSION_ID_RULE}` }),
    ApiProperty({ pattern: SESSION_ID.source, maxLength: 128 }),
  );
}

/** Validates text that every database can store unchanged: no NUL, no lone surrogates. */
export function IsText(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isText',
      validator: { validate: (value) => typeof value !== 'string' || isStorable(value) },
    },
    { message: '$property must not contain NUL or half a surrogate pair' },
  );
}

/** Validates a point in time: ISO 8601 with an offset, such as `2026-01-02T03:04:05Z`. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    ValidateBy(
      { name: 'isInstant', validator: { validate: isInstant } },
      { message: '$property must be a time in ISO 8601 with an offset, such as 2026-01-02T03:04:05Z' },
    ),
    ApiProperty({ format: 'date-time', maxLength: MAX_INSTANT_LENGTH }),
  );
}

/** Documents an id or a name in a response. */
export function ApiName(maxLength = 128): PropertyDecorator {
  return ApiProperty({ minLength: 1, maxLength });
}

/** Documents text in a response. */
export function ApiText(maxLength = MAX_TEXT_LENGTH): PropertyDecorator {
  return ApiProperty({ maxLength });
}

/** Documents a non-negative integer in a response. */
export function ApiCount(): PropertyDecorator {
  return ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
}

/** Documents a time in a response. */
export function ApiTime(): PropertyDecorator {
  return ApiProperty({ format: 'date-time', maxLength: 24 });
}

/** Documents a list in a response. */
export function ApiList(maxItems: number): PropertyDecorator {
  return ApiProperty({ maxItems });
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !isISO8601(value, { strict: true })) return false;
  return OFFSET_AT_END.test(value) && !Number.isNaN(Date.parse(value));
}
