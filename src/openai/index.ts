import '../requirements.js';
export { OPENAI_PREFIX } from '../http/api.prefixes.js';
export { OpenAIErrorFilter } from './openai-error.filter.js';
export { requireBodyScope, type UnreadRequest } from './request/body.scope.js';
