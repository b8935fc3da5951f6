import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { isIpRange } from '../auth/ip.ranges.js';
import { END_USER_RULES } from '../auth/key.rules.js';
import { IsTextList, MAX_LIST_ITEMS } from '../http/validation/schema.decorator.js';
import { isModelName, isRole } from './key.validation.js';

const MAX_RANGE_LENGTH = 49;

/** Whether null removes the property. */
interface Nullability {
  readonly nullable?: boolean;
}

/** Documents whether calls must name an end user. */
export function ApiEndUserRule({ nullable = false }: Nullability = {}): PropertyDecorator {
  return ApiProperty({ enum: END_USER_RULES, required: false, nullable });
}

/** Validates and documents whether calls must name an end user. */
export function IsEndUserRule(nullability: Nullability = {}): PropertyDecorator {
  return applyDecorators(IsIn(END_USER_RULES), ApiEndUserRule(nullability));
}

/** Documents a list of texts that may be absent. */
export function ApiTextList(maxLength: number, { nullable = false }: Nullability = {}): PropertyDecorator {
  const items = { type: 'string', minLength: 1, maxLength };
  return ApiProperty({ type: 'array', items, minItems: 1, maxItems: MAX_LIST_ITEMS, required: false, nullable });
}

/** Validates and documents roles of agents. */
export function AreRoles(nullability: Nullability = {}): PropertyDecorator {
  return applyDecorators(IsTextList(isRole, 'roles'), ApiTextList(64, nullability));
}

/** Validates and documents names of models. */
export function AreModels(nullability: Nullability = {}): PropertyDecorator {
  return applyDecorators(IsTextList(isModelName, 'names of models'), ApiTextList(256, nullability));
}

/** Validates and documents addresses and networks. */
export function AreIpRanges(nullability: Nullability = {}): PropertyDecorator {
  const what = 'IP addresses or ranges, such as 203.0.113.0/24';
  return applyDecorators(IsTextList(isIpRange, what), ApiTextList(MAX_RANGE_LENGTH, nullability));
}
