import { readEnvironment } from './settings/environment.reader.js';

/** Starts the service with the settings of the environment. @throws Error with the reason if the start fails. */
export async function startService(): Promise<void> {
  const environment = readEnvironment(process.env);
  // Imported only now, so that invalid settings are reported without loading the HTTP server.
  const { listen } = await import('./application.js');
  await listen(environment);
}
