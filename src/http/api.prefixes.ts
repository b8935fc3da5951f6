/** Where version 1 of the API lives, whatever versioning and global prefix the host has. */
export const API_PREFIX = 'api/v1/agent';
/** Where version 2 of the API lives. */
export const API_V2_PREFIX = 'api/v2/agent';
/** Where the operator's routes live. */
export const ADMIN_PREFIX = 'api/v1/admin';
