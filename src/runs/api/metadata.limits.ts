/** The most pairs in the metadata of a run. */
export const MAX_PAIRS = 16;
/** The longest value of such a pair, in characters. */
export const MAX_VALUE = 512;
/** The JSON Schema of metadata. */
export const METADATA_SCHEMA = {
  type: 'object',
  maxProperties: MAX_PAIRS,
  additionalProperties: { type: 'string', maxLength: MAX_VALUE },
} as const;
