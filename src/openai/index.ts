import '../requirements.js';
export { OPENAI_PREFIX } from '../http/api.prefixes.js';
export { OpenAIErrorFilter } from './openai-error.filter.js';
