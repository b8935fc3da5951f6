import { Upstream, type ModelApi } from '../servers/upstream.js';
import { HostedService } from './hosted.service.js';
import { ServiceProcess } from './service.process.js';
import { newFolder, type Service, type Settings } from './started.service.js';

export type { ServiceProcess } from './service.process.js';
export type { Service, Settings } from './started.service.js';

export const API_KEY = 'sk-test-0123456789abcdef';

/** Returns the settings of a service that uses that upstream. */
export function modelAt({ url }: { url: string }): Settings {
  return { OPENAI_API_KEY: API_KEY, OPENAI_BASE_URL: `${url}/v1` };
}

/** Settings of the process itself: its flags, and the form of its standard output. */
const OF_A_PROCESS = /^(?:NODE_|LOG_FORMAT$)/;

const services = new Set<Service>();

/**
 * Starts the built service and waits until it listens. It shares a process with other services, which saves most of the
 * CPU time of a start. So a test cannot end it, and its settings reach only the service. A test that needs signals, an
 * exit code, a crash or a restart calls `startProcess`. A service whose settings are of the process gets its own, too.
 */
export function startService(settings: Settings = {}): Promise<Service> {
  const needsProcess = Object.keys(settings).some((name) => OF_A_PROCESS.test(name));
  return needsProcess ? startProcess(settings) : started(HostedService, settings);
}

/** Starts the built service in a process of its own, which a test may end and start again. */
export function startProcess(settings: Settings = {}): Promise<ServiceProcess> {
  return started(ServiceProcess, settings);
}

/** A service and its provider. */
export interface Pair<S extends Service = Service> {
  api: ModelApi;
  upstream: Upstream;
  service: S;
}

export function startPair(api: ModelApi, settings: Settings = {}): Promise<Pair> {
  return pairOf(api, settings, startService);
}

/** Starts a pair whose service has a process of its own. */
export function startPairProcess(api: ModelApi, settings: Settings = {}): Promise<Pair<ServiceProcess>> {
  return pairOf(api, settings, startProcess);
}

/** Starts one pair for each API that a provider may speak. */
export function startPairs(settings: Settings = {}): Promise<[Pair, Pair]> {
  return Promise.all([startPair('chat', settings), startPair('responses', settings)]);
}

/** Starts the built service and expects it to end by itself; the exit code is null if it listened instead. */
export async function startToFail(settings: Settings): Promise<{ exitCode: number | null; output: string }> {
  const service = new ServiceProcess(await newFolder(), settings);
  services.add(service);
  await service.start().catch(() => undefined);
  const exitCode = await service.stop('SIGKILL');
  return { exitCode, output: service.output };
}

/** Ends every service of this test file, failed starts too, and removes their folders. */
export async function removeServices(): Promise<void> {
  const ending = [...services];
  services.clear();
  await Promise.all(ending.map((service) => service.remove()));
}

async function pairOf<S extends Service>(
  api: ModelApi,
  settings: Settings,
  start: (settings: Settings) => Promise<S>,
): Promise<Pair<S>> {
  const upstream = await Upstream.start();
  return { api, upstream, service: await start({ ...modelAt(upstream), MODEL_API: api, ...settings }) };
}

/** If the start fails, the file's other services end too. */
async function started<S extends Service & { start: () => Promise<void> }>(
  kind: new (folder: string, settings: Settings) => S,
  settings: Settings,
): Promise<S> {
  const service = new kind(await newFolder(), settings);
  services.add(service);
  try {
    await service.start();
    return service;
  } catch (error) {
    await removeServices();
    throw error;
  }
}
