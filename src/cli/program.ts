import { Command, CommanderError } from 'commander';
import type { ChatOptions } from './chat.command.js';
import { endWithReader } from './output.js';

/** A program whose commands have `--help` and `--version`. */
export function newProgram(description: string, version: string): Command {
  return withQuestions(new Command('rookery').description(description), version).exitOverride();
}

/** A command of the program. */
export function addCommand(program: Command, name: string, description: string): Command {
  return withQuestions(program.command(name).description(description), program.version() ?? '');
}

/** Adds the command that talks to an agent. */
export function addChat(program: Command): void {
  addCommand(program, 'chat', 'talks to an agent of a running service')
    .argument('[message]', 'asks once; without it, a conversation begins')
    .option('--url <url>', 'the service; default: ROOKERY_URL, or this machine')
    .option('--agent <role>', 'the agent that answers')
    .option('--session <id>', 'the session to go on with')
    .option('--end-user <id>', 'the end user on whose behalf the key is used')
    .addHelpText('after', '\nROOKERY_KEY is the API key, or ROOKERY_TOKEN a bearer token.')
    .action(async (message: string | undefined, options: ChatOptions) => {
      const { chat } = await import('./chat.command.js');
      process.exitCode = await chat(message, options, process.env);
    });
}

/** Runs the program. Sets the exit code. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  reasonOf: (failure: unknown) => string,
): Promise<void> {
  endWithReader();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (failure) {
    // The library has written its own message.
    if (!(failure instanceof CommanderError)) process.stderr.write(`${reasonOf(failure)}\n`);
    process.exitCode = failure instanceof CommanderError ? failure.exitCode : 1;
  }
}

function withQuestions(command: Command, version: string): Command {
  return command
    .version(version, '--version', 'prints the version')
    .helpOption('-h, --help', 'prints this text')
    .exitOverride();
}
