import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './openapi.responses.js';

const SCHEMA = /^#\/components\/schemas\//;

/** Returns the document of some paths only, with the schemas and tags that they use. */
export function partOf(document: OpenAPIObject, isIncluded: (path: string) => boolean): OpenAPIObject {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isIncluded(path)));
  const schemas = document.components?.schemas ?? {};
  const used = namesIn(paths, schemas);
  const tags = new Set(operationsOf({ ...document, paths }).flatMap((operation) => operation.tags ?? []));
  return {
    ...document,
    info: { ...document.info },
    paths,
    tags: document.tags?.filter(({ name }) => tags.has(name)) ?? [],
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  };
}

/** The names of all schemas that a part of the document refers to, through others too. */
function namesIn(node: unknown, schemas: Readonly<Record<string, unknown>>, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (key !== '$ref' || typeof value !== 'string') namesIn(value, schemas, found);
    else {
      const name = value.replace(SCHEMA, '');
      if (found.has(name)) continue;
      found.add(name);
      namesIn(schemas[name], schemas, found);
    }
  }
  return found;
}
