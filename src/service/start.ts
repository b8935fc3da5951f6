import { answerQuestion, asCalled } from './command.line.js';

const USAGE = asCalled(`Usage:
  npm start                 starts the service; the settings are environment variables
  npm start -- --help       prints this text
  npm start -- --version    prints the version
Without settings the service listens on http://127.0.0.1:8000, and the offline model answers.
OPENAI_API_KEY or OPENAI_BASE_URL chooses a provider, AGENT_MODEL its model. docs/settings.md lists all settings.
npm run rookery -- --help lists the other commands.`);

/**
 * Starts the service with the settings of the environment, or answers `--help` and `--version`.
 *
 * @param args the command-line arguments.
 * @throws Error with the reason if the start fails.
 */
export async function startService(args: readonly string[]): Promise<void> {
  if (answerQuestion(args, USAGE) !== undefined) return;
  // A shell without `exec` passes the rest of the npm script after `--`.
  const [unexpected] = args;
  if (unexpected !== undefined && unexpected !== '--') {
    throw new Error(`Unexpected argument "${unexpected}".\n\n${USAGE}`);
  }
  // Imported only now: most of a start is the loading of modules, and no question needs them.
  const { readEnvironment } = await import('./settings/environment.reader.js');
  const environment = readEnvironment(process.env);
  // Imported only now, so that invalid settings are reported without loading the HTTP server.
  const { listen } = await import('./application.js');
  await listen(environment);
}
