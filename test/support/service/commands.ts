import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CHILD_ENVIRONMENT } from './child.environment.js';

const { jest } = import.meta;

/** How a command has ended. */
export interface EndedCommand {
  exitCode: number;
  output: string;
  errors: string;
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
