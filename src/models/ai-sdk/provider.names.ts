/** OpenTelemetry's names of providers, by the beginning of the AI SDK's name. The first match counts. */
const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['google', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['bedrock', 'aws.bedrock'],
  ['azure-openai', 'azure.ai.openai'],
  ['azure', 'azure.ai.inference'],
  ['mistral', 'mistral_ai'],
  ['xai', 'x_ai'],
];

/** The name in `gen_ai.provider.name`: `anthropic` for `anthropic.messages`. */
export function semanticNameOf(provider: string): string {
  const known = NAMES.find(([prefix]) =>
    `${provider}.`.replaceAll('-', '.').startsWith(`${prefix.replaceAll('-', '.')}.`),
  );
  return known?.[1] ?? provider.split('.')[0] ?? provider;
}
