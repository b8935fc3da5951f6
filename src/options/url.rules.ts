import type { BrokenRule } from '../json/object.shape.js';

/** Finds a URL that is not of HTTP. The value is not printed: URLs may contain passwords. */
export function* urlFaults(value: string | undefined, option: string): Iterable<BrokenRule> {
  if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return;
  yield [option, ' must be an http or https URL'];
}
