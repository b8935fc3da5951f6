import { applyDecorators } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { ApiName, IsText } from '../../http/validation/schema.decorator.js';

/** Validates and documents an id, a name or a short text in a request. */
export function IsName(maxLength = 128): PropertyDecorator {
  return applyDecorators(IsText(), Length(1, maxLength), IsString(), ApiName(maxLength));
}
