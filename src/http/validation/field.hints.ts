import { isStringRecord } from '../../json/json.object.js';

const HINTS = 'rookery:field-hints';

/** Says what to do instead of each field that callers expect in a request, because other APIs have it. */
export function FieldHints(hints: Readonly<Record<string, string>>): ClassDecorator {
  return (dto) => {
    const inherited: unknown = Reflect.getMetadata(HINTS, dto);
    Reflect.defineMetadata(HINTS, { ...(isStringRecord(inherited) && inherited), ...hints }, dto);
  };
}

/** The hint about an unknown field of a request, if its class has one. */
export function hintAbout(field: string, request: object | undefined): string | undefined {
  const type = request && Reflect.getPrototypeOf(request)?.constructor;
  const hints: unknown = type && Reflect.getMetadata(HINTS, type);
  return isStringRecord(hints) && Object.hasOwn(hints, field) ? hints[field] : undefined;
}
