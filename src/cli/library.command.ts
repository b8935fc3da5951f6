import { readFileSync } from 'node:fs';
import { parseManifest } from './manifest.js';
import { addChat, addCommand, newProgram, runProgram } from './program.js';

const DESCRIPTION = 'Helps with AI agents in a Nest application.';

/** Runs `rookery` of the package, which has no service. Sets the exit code. */
export async function runLibrary(args: readonly string[]): Promise<void> {
  const program = newProgram(DESCRIPTION, version());
  addChat(program);
  addCommand(program, 'init', 'adds a module, an agent and a test to a Nest application')
    .argument('[folder]', 'the folder of the application', '.')
    .option('--nest', 'is the default here')
    .action(async (folder: string) => {
      const { initNest } = await import('./nest.init.js');
      process.stdout.write(`${await initNest(folder)}\n`);
    });
  addCommand(program, 'doctor', 'says what is wrong with Node, packages, database, Redis, provider and clock')
    .argument('[folder]', 'the folder of the application', '.')
    .addHelpText('after', '\nDATABASE_URL, REDIS_URL, OPENAI_API_KEY and OPENAI_BASE_URL name what is checked.')
    .action(async (folder: string) => {
      const { examineApplication } = await import('./doctor.command.js');
      process.exitCode = await examineApplication(folder, process.env, (text) => process.stdout.write(`${text}\n`));
    });
  await runProgram(program, args, (failure) => (failure instanceof Error ? failure.message : String(failure)));
}

function version(): string {
  return parseManifest(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
