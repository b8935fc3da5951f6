const LABEL = '[offline model]';
const MAX_DEPTH = 10;

/**
 * The plainest value of a schema: what the offline model says where a shape is asked for. Rules that it does not know,
 * such as a pattern, it may break.
 */
export function plainestOf(schema: unknown, depth = 0): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null;
  const { enum: values, const: constant, anyOf, type, properties, items, minItems, minimum } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(anyOf)) return plainestOf(anyOf[0], depth + 1);
  const inner = (child: unknown): unknown => plainestOf(child, depth + 1);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(properties) ? properties : {}).map(([name, child]) => [name, inner(child)]),
      );
    case 'array':
      return Array.from({ length: typeof minItems === 'number' ? minItems : 0 }, () => inner(items));
    case 'string':
      return LABEL;
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
