import { readEnvironment } from './environment.reader.js';

/** Starts the service with the settings of the environment. @throws Error that says what stands in the way. */
export async function startService(): Promise<void> {
  const environment = readEnvironment(process.env);
  // Loaded only now: settings that are not valid are told at once.
  const { listen } = await import('./application.js');
  await listen(environment);
}
