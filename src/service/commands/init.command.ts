import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLine } from '../command.line.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const AGENT = `import { IsString, MaxLength } from 'class-validator';
import { Agent, Tool } from 'rookery';

class CityInput {
  @IsString()
  @MaxLength(100)
  city!: string;
}

@Agent({
  role: 'weather',
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

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestApp, ScriptedModel } from 'rookery/testing';
import { WeatherAgent } from './weather.agent.js';

test('the agent asks its tool, and the model reads the forecast', async (context) => {
  const model = new ScriptedModel([{ tool: 'forecast', arguments: { city: 'Oslo' } }], 'Take a hat.');
  const app = await createTestApp({ model, providers: [WeatherAgent] });
  context.after(() => app.close());
  const { reply } = await app.runner.run({ message: 'How is Oslo?', agent_role: 'weather' });
  assert.equal(reply, 'Take a hat.');
  assert.equal(model.requests.at(-1)?.messages.at(-1)?.content, 'Sunny in Oslo, 21 °C.');
});
`;

/**
 * Writes a folder with one agent, its tool and its test.
 *
 * @throws Error if the folder has files already.
 */
export async function initFolder(folder: string): Promise<void> {
  const existing = await readdir(folder).catch(() => []);
  if (existing.length > 0) throw new Error(`${folder} has files already. Name a new folder.`);
  await mkdir(folder, { recursive: true });
  const files = {
    'package.json': json({ private: true, type: 'module' }),
    'tsconfig.json': json(compilerOptions(folder)),
    'weather.agent.ts': AGENT,
    'weather.agent.test.ts': TEST,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  writeLine(
    process.stdout,
    `${folder} has the agent "weather". Next:
  npm run rookery -- test ${folder}
  npm run rookery -- dev ${folder}`,
  );
}

/** For editors: the types of Rookery are those of this installation. */
function compilerOptions(folder: string): object {
  const root = relative(resolve(folder), ROOT).split(sep).join('/') || '.';
  const [types, packages] = [`${root}/dist`, `${root}/node_modules`];
  return {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      types: ['node'],
      typeRoots: [`${packages}/@types`],
      paths: {
        rookery: [`${types}/index.d.ts`],
        'rookery/testing': [`${types}/testing/index.d.ts`],
        '@nestjs/*': [`${packages}/@nestjs/*`],
        'class-validator': [`${packages}/class-validator/types/index.d.ts`],
      },
    },
    exclude: ['dist'],
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
