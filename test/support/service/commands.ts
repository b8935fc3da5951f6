import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CHILD_ENVIRONMENT, SHORT_LIVED, type Settings } from './child.environment.js';

const { jest } = import.meta;

/** How a command has ended. */
export interface EndedCommand {
  exitCode: number;
  output: string;
  errors: string;
}

/** The output of a command of `rookery`, and its exit code. */
export interface RunCommand {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the build as people do, in a process of its own: `main.keys.js`. */
export function executeCommand(main: string, databaseUrl: string, ...words: string[]): Promise<EndedCommand> {
  const script = fileURLToPath(new URL(`../../../dist/app/${main}`, import.meta.url));
  const env = { ...CHILD_ENVIRONMENT, DATABASE_URL: databaseUrl };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...words], { env }, (_, output, errors) =>
      resolve({ exitCode: child.exitCode ?? -1, output, errors }),
    );
  });
}

/** Runs the function behind a command, which takes a tenth of the time. Only one runs at a time. */
export async function callCommand(
  command: (words: readonly string[]) => Promise<number>,
  databaseUrl: string,
  ...words: string[]
): Promise<EndedCommand> {
  const [output, errors] = [new Array<string>(), new Array<string>()];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0),
  ];
  process.env.DATABASE_URL = databaseUrl;
  try {
    const exitCode = await command(words);
    return { exitCode, output: output.join(''), errors: errors.join('') };
  } finally {
    delete process.env.DATABASE_URL;
    for (const spy of spies) spy.mockRestore();
  }
}

/**
 * Runs commands of `rookery` one after the other in one process, which loads their code once. The commands `dev`,
 * `start` and `test` need a process of their own.
 */
export class CommandHost {
  readonly #child = fork(fileURLToPath(new URL('command.host.mjs', import.meta.url)), {
    env: CHILD_ENVIRONMENT,
    execArgv: SHORT_LIVED,
  });
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a command in the folder, with these environment variables alone. */
  run(settings: Settings, cwd: string, args: readonly string[]): Promise<RunCommand> {
    const ended = this.#last.then(async () => {
      this.#child.send({ args, cwd, env: settings });
      const [command]: RunCommand[] = await once(this.#child, 'message');
      if (command === undefined) throw new Error('The process of the commands has ended.');
      return command;
    });
    this.#last = ended;
    return ended;
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
