/** The path of version 1 of the API. The versioning and the global prefix of the host do not change it. */
export const API_PREFIX = 'api/v1/agent';
/** The path of version 2 of the API. */
export const API_V2_PREFIX = 'api/v2/agent';
/** The path of the operator's routes. */
export const ADMIN_PREFIX = 'api/v1/admin';
/** The path of the OpenAI-compatible API, as OpenAI has it. */
export const OPENAI_PREFIX = 'v1';
