import type { OpenAPIObject } from '@nestjs/swagger';

export type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const INT32_MAX = 2 ** 31 - 1;

/** What every answer carries. */
const HEADERS = {
  'X-Request-Id': {
    description: "The caller's own id of the request where it sent a good one, else a new one.",
    schema: { type: 'string' as const, maxLength: 128 },
  },
  'Access-Control-Allow-Origin': {
    description: 'For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none.',
    schema: { type: 'string' as const, maxLength: 300 },
  },
};
const RATE_LIMIT_HEADERS = {
  'RateLimit-Policy': {
    description: 'How many requests (`q`) a caller has in a window of so many seconds (`w`).',
    schema: { type: 'string' as const, maxLength: 300 },
  },
  RateLimit: {
    description: 'How many requests are left (`r`), and for how many seconds the window lasts (`t`).',
    schema: { type: 'string' as const, maxLength: 300 },
  },
};

/** Whether its callers are known and counted. */
export function isCounted({ tags = [] }: OperationObject): boolean {
  return !tags.includes('Health');
}

export function operationsOf({ paths }: OpenAPIObject): OperationObject[] {
  return Object.values(paths).flatMap((path) =>
    [path.get, path.post, path.delete].filter((each) => each !== undefined),
  );
}

/** Says of every answer what it carries. */
export function addHeaders(operation: OperationObject): void {
  for (const answer of Object.values(operation.responses)) {
    if (!answer || '$ref' in answer) continue;
    answer.description ||= operation.summary ?? '';
    answer.headers = { ...answer.headers, ...HEADERS, ...(isCounted(operation) ? RATE_LIMIT_HEADERS : {}) };
  }
}

/** Says of every whole number how large it gets, wherever it stands in the document. */
export function addIntegerFormats(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if (isInteger(node)) node.format ??= (node.maximum ?? Infinity) <= INT32_MAX ? 'int32' : 'int64';
  for (const [name, child] of Object.entries(node)) if (!/^examples?$/.test(name)) addIntegerFormats(child);
}

function isInteger(node: object): node is { format?: string; maximum?: number } {
  return 'type' in node && node.type === 'integer';
}
