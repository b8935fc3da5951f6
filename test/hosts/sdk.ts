import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { AgentModule } from 'rookery';
import { fromAiSdk } from 'rookery/ai-sdk';

const refuse = async ({ prompt }: LanguageModelV4CallOptions): Promise<never> => {
  throw new Error(`No answer to ${prompt.length} messages.`);
};

// The packages of providers do not compile with these options, so it is written here.
const acme: LanguageModelV4 = {
  specificationVersion: 'v4',
  provider: 'acme.chat',
  modelId: 'acme-1',
  supportedUrls: {},
  doGenerate: refuse,
  doStream: refuse,
};

export const model = fromAiSdk(acme);
export const agents = AgentModule.forRoot({ model });
