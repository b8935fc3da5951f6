export { fromAiSdk } from './ai-sdk.factory.js';
export type { AiSdkLanguageModel } from './ai-sdk.port.js';
