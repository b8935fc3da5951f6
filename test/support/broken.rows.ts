/**
 * Returns copies of a JSON value, each with one wrong type: the value itself, one field or one item. The names are the
 * paths of what is wrong.
 */
export function brokenCopies(value: unknown, path = 'value'): [path: string, copy: unknown][] {
  const own: [string, unknown][] = [[path, typeof value === 'string' ? 7 : 'wrong']];
  if (typeof value === 'object') own.push([path, null]);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const inner = items.flatMap((item, index) =>
      brokenCopies(item, `${path}[${index}]`).map(([name, copy]): [string, unknown] => [name, items.with(index, copy)]),
    );
    return [...own, ...inner];
  }
  if (typeof value !== 'object' || value === null) return own;
  const inner = Object.entries(value).flatMap(([field, child]) =>
    brokenCopies(child, `${path}.${field}`).map(([name, copy]): [string, unknown] => [
      name,
      { ...value, [field]: copy },
    ]),
  );
  return [...own, ...inner];
}

/** Returns copies of an object, each without one of its fields. */
export function withoutEach(value: object): [field: string, copy: unknown][] {
  return Object.keys(value).map((field) => [
    field,
    Object.fromEntries(Object.entries(value).filter(([name]) => name !== field)),
  ]);
}
