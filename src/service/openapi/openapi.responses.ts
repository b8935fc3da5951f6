import type { OpenAPIObject } from '@nestjs/swagger';

export type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const INT32_MAX = 2 ** 31 - 1;

/** The headers of every response. */
const HEADERS = {
  'X-Request-Id': header("The caller's `X-Request-Id` if it is valid, otherwise a new id.", 128),
  'Access-Control-Allow-Origin': header('The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent.'),
};
const RATE_LIMIT_HEADERS = {
  'RateLimit-Policy': header(
    'The number of requests (`q`) allowed per window, and the window length in seconds (`w`).',
  ),
  RateLimit: header('The remaining requests (`r`), and the seconds until the window resets (`t`).'),
};

/** Returns true if the operation authenticates and rate limits its callers. */
export function isCounted({ tags = [] }: OperationObject): boolean {
  return !tags.includes('Health');
}

export function operationsOf({ paths }: OpenAPIObject): OperationObject[] {
  return Object.values(paths).flatMap((path) =>
    [path.get, path.post, path.put, path.patch, path.delete].filter((each) => each !== undefined),
  );
}

/** Documents the headers of every response of an operation. */
export function addHeaders(operation: OperationObject): void {
  for (const answer of Object.values(operation.responses)) {
    if (!answer || '$ref' in answer) continue;
    answer.description ||= operation.summary ?? '';
    answer.headers = { ...answer.headers, ...HEADERS, ...(isCounted(operation) ? RATE_LIMIT_HEADERS : {}) };
  }
}

/** Adds the format `int32` or `int64` to every integer schema in the document. */
export function addIntegerFormats(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if (isInteger(node)) node.format ??= (node.maximum ?? Infinity) <= INT32_MAX ? 'int32' : 'int64';
  for (const [name, child] of Object.entries(node)) if (!/^examples?$/.test(name)) addIntegerFormats(child);
}

function header(description: string, maxLength = 300) {
  return { description, schema: { type: 'string', maxLength } } as const;
}

function isInteger(node: object): node is { format?: string; maximum?: number } {
  if (!('type' in node)) return false;
  return node.type === 'integer' || (Array.isArray(node.type) && node.type.includes('integer'));
}
