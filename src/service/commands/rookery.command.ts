import type { Command } from 'commander';
import { addChat, addCommand, newProgram, runProgram } from '../../cli/program.js';
import { failureReason, writeLine } from '../command.line.js';
import { version } from '../version.js';

const FOLDER = 'agents';
const FOLDER_HELP = 'the folder with the agents';

/** Runs `rookery`. Each command is loaded only if it is called. Sets the exit code. */
export async function runRookery(args: readonly string[]): Promise<void> {
  const description = 'Serves AI agents. The settings are environment variables: docs/settings.md lists them.';
  const program = newProgram(description, version());
  addAgentCommands(program);
  addChat(program);
  addServiceCommands(program);
  await runProgram(program, args, failureReason);
}

/** The commands for the agents of a folder. */
function addAgentCommands(program: Command): void {
  addCommand(program, 'init', 'writes a folder with an agent, a tool and a test')
    .argument('[folder]', `the new folder; default: ${FOLDER}`)
    .option('--nest', 'adds them to the Nest application in the folder; default: the present one')
    .action(async (folder: string | undefined, { nest }: { readonly nest?: true }) => {
      if (nest) {
        const { initNest } = await import('../../cli/nest.init.js');
        return writeLine(process.stdout, await initNest(folder ?? '.'));
      }
      const { initFolder } = await import('./init.command.js');
      return await initFolder(folder ?? FOLDER);
    });
  addCommand(program, 'test', 'compiles the agents, and runs their tests')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { testFolder } = await import('./test.command.js');
      process.exitCode = await testFolder(folder);
    });
  addCommand(program, 'build', 'compiles the agents into <folder>/dist, for AGENTS_DIR')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { buildFolder } = await import('./build.command.js');
      writeLine(process.stdout, await buildFolder(folder));
    });
  addCommand(program, 'dev', 'compiles and serves the agents, and again after each change; reads .env.local')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { develop } = await import('./dev.command.js');
      await develop(folder);
    });
}

/** The commands for the service and its data. */
function addServiceCommands(program: Command): void {
  addCommand(program, 'start', 'serves, as npm start does').action(async () => {
    const { startService } = await import('../start.js');
    await startService([]);
  });
  addCommand(program, 'doctor', 'says what is wrong with the settings, and with all that they name').action(
    async () => {
      const { examineService } = await import('./doctor.command.js');
      process.exitCode = await examineService(process.env);
    },
  );
  addCommand(program, 'backup', 'copies the SQLite file of DATABASE_URL, also while the service runs')
    .argument('[file]', 'the new file; default: a name with the time')
    .action(async (file: string | undefined) => {
      const { backUp } = await import('./backup.command.js');
      writeLine(process.stdout, await backUp(file, process.env, new Date()));
    });
  addOwnArguments(program, 'keys', 'manages API keys; `keys --help` lists its commands').action(
    async (_: string[], __: object, { args }: Command) => {
      const { runKeysCommand } = await import('../keys.command.js');
      process.exitCode = await runKeysCommand(args);
    },
  );
  addOwnArguments(program, 'audit', 'prints and verifies the audit; `audit --help` lists its commands').action(
    async (_: string[], __: object, { args }: Command) => {
      const { runAuditCommand } = await import('../audit.command.js');
      process.exitCode = await runAuditCommand(args);
    },
  );
}

/** A command that reads its arguments itself, also `--help` and `--version`. */
function addOwnArguments(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .exitOverride();
}
