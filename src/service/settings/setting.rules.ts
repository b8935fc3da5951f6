import { isIP } from 'node:net';
import { applyDecorators } from '@nestjs/common';
import { IsInt, IsNumber, Max, Min, ValidateBy } from 'class-validator';
import { listOf } from './text.list.js';

/** Returns true if a name or address always means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1';
}

export function IsNumberFrom(least: number, most?: number, kind = IsNumber()): PropertyDecorator {
  return applyDecorators(...(most === undefined ? [] : [Max(most)]), Min(least), kind);
}

export function IsIntFrom(least: number, most?: number): PropertyDecorator {
  return IsNumberFrom(least, most, IsInt());
}

/** Validates an RFC 3339 time, or a date, which means midnight UTC. */
export function IsTime(): PropertyDecorator {
  return IsText('isTime', isTime, 'a date, such as 2027-01-31, or a time, such as 2027-01-31T12:00:00Z');
}

function isTime(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(value)) return false;
  // Date.parse accepts a day such as 02-30 and moves it into the next month.
  const day = new Date(value.slice(0, 'yyyy-mm-dd'.length));
  return !Number.isNaN(Date.parse(value)) && day.toISOString().startsWith(value.slice(0, 'yyyy-mm-dd'.length));
}

export function IsHttpUrl(): PropertyDecorator {
  return IsText('isHttpUrl', isHttpUrl, 'an http or https URL');
}

/** True for https, because an attacker can replace keys sent over plain HTTP, and for http on this machine. */
export function isSecureUrl(value: string): boolean {
  if (!isHttpUrl(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || isLoopback(hostname);
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

export function IsListOf(isItem: (item: string) => boolean, what: string): PropertyDecorator {
  return IsText('isListOf', (value) => listOf(value).every(isItem), `a comma-separated list of ${what}`);
}

function IsText(name: string, isRight: (value: string) => boolean, what: string): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isRight(value);
  return ValidateBy({ name, validator: { validate } }, { message: `$property must be ${what}` });
}

export function isOrigin(item: string): boolean {
  return URL.canParse(item) && new URL(item).origin === item;
}

export function isHostName(item: string): boolean {
  return URL.parse(`https://${item}`)?.hostname === item.toLowerCase();
}
