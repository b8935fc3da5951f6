import '../../requirements.js';
export { fromAiSdk } from './ai-sdk.factory.js';
export type { AiSdkOptions } from './ai-sdk.model.js';
export type { AiSdkLanguageModel } from './ai-sdk.port.js';
