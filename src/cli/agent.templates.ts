/** The runner of a test: that of Node, or one whose `it` is global, such as Vitest and Jest. */
type Runner = 'node' | 'global';

/** The source of an agent with a tool. */
export function agentSource(role: string): string {
  return `import { IsString, MaxLength } from 'class-validator';
import { Agent, Tool } from 'rookery';

class CityInput {
  @IsString()
  @MaxLength(100)
  city!: string;
}

@Agent({
  role: '${role}',
  description: 'Answers about the weather.',
  instructions: 'Answer in one sentence. Use the forecast, and say so if there is none.',
})
export class WeatherAgent {
  @Tool({ description: 'The forecast for a city', idempotent: true })
  forecast({ city }: CityInput): string {
    return \`Sunny in \${city}, 21 °C.\`;
  }
}
`;
}

/** The source of the test of this agent. */
export function testSource(role: string, runner: Runner): string {
  const isOfNode = runner === 'node';
  return `import assert from 'node:assert/strict';
${isOfNode ? "import { test } from 'node:test';\n" : ''}import { createTestApp, ScriptedModel } from 'rookery/testing';
import { WeatherAgent } from './weather.agent.js';

${isOfNode ? "test('the agent asks its tool, and the model reads the forecast', async (context) => {" : "it('asks its tool, and the model reads the forecast', async () => {"}
  const model = new ScriptedModel([{ tool: 'forecast', arguments: { city: 'Oslo' } }], 'Take a hat.');
  const app = await createTestApp({ model, providers: [WeatherAgent] });
${isOfNode ? '  context.after(() => app.close());\n' : ''}  const { reply } = await app.runner.run({ message: 'How is Oslo?', agent_role: '${role}' });
  assert.equal(reply, 'Take a hat.');
  assert.equal(model.requests.at(-1)?.messages.at(-1)?.content, 'Sunny in Oslo, 21 °C.');
${isOfNode ? '' : '  await app.close();\n'}});
`;
}
