import { Command, CommanderError } from 'commander';
import { failureReason, writeLine } from '../command.line.js';
import { version } from '../version.js';

const FOLDER = 'agents';
const FOLDER_HELP = 'the folder with the agents';

/** Runs `rookery`. Each command is loaded only if it is called. Sets the exit code. */
export async function runRookery(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...args], { from: 'user' });
  } catch (failure) {
    // The library has written its own message.
    if (!(failure instanceof CommanderError)) writeLine(process.stderr, failureReason(failure));
    process.exitCode = failure instanceof CommanderError ? failure.exitCode : 1;
  }
}

function program(): Command {
  const rookery = new Command('rookery')
    .description('Serves AI agents. The settings are environment variables: docs/settings.md lists them.')
    .version(version(), '--version', 'prints the version')
    .helpOption('-h, --help', 'prints this text')
    .exitOverride();
  rookery
    .command('init')
    .description('writes a folder with an agent, a tool and a test')
    .argument('[folder]', 'the new folder', FOLDER)
    .action(async (folder: string) => {
      const { initFolder } = await import('./init.command.js');
      await initFolder(folder);
    });
  rookery
    .command('test')
    .description('compiles the agents, and runs their tests')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { testFolder } = await import('./test.command.js');
      process.exitCode = await testFolder(folder);
    });
  rookery
    .command('build')
    .description('compiles the agents into <folder>/dist, for AGENTS_DIR')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { buildFolder } = await import('./build.command.js');
      writeLine(process.stdout, await buildFolder(folder));
    });
  rookery
    .command('dev')
    .description('compiles and serves the agents, and again after each change; reads .env.local')
    .argument('[folder]', FOLDER_HELP, FOLDER)
    .action(async (folder: string) => {
      const { develop } = await import('./dev.command.js');
      await develop(folder);
    });
  rookery
    .command('start')
    .description('serves, as npm start does')
    .action(async () => {
      const { startService } = await import('../start.js');
      await startService([]);
    });
  rookery
    .command('keys')
    .description('manages API keys; `keys --help` lists its commands')
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (_: string[], __: object, { args }: Command) => {
      const { runKeysCommand } = await import('../keys.command.js');
      process.exitCode = await runKeysCommand(args);
    });
  rookery
    .command('audit')
    .description('prints and verifies the audit; `audit --help` lists its commands')
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (_: string[], __: object, { args }: Command) => {
      const { runAuditCommand } = await import('../audit.command.js');
      process.exitCode = await runAuditCommand(args);
    });
  return rookery;
}
