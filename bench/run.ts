import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAccounts } from './accounts.ts';
import { measureChaos } from './chaos/chaos.ts';
import { measureFailover } from './chaos/failover.ts';
import { measureFanout } from './chaos/fanout.ts';
import { measureOutage } from './chaos/outage.ts';
import { measureProviderOutage } from './chaos/provider-outage.ts';
import { measureUpgrade } from './chaos/upgrade.ts';
import { type CallersOptions, measureCallers } from './callers.ts';
import { summariseProfile } from './profile.ts';
import { print } from './report.ts';
import { measurePostgres } from './postgres.ts';
import { measureReplicas } from './replicas.ts';
import { measureOpenAI } from './openai.ts';
import { measureSchemas } from './schemas.ts';
import type { SizeOptions } from './size/size.ts';
import { measureStart } from './start.ts';
import { measureThroughput } from './throughput.ts';
import { measureTelemetry } from './telemetry.ts';
import { measureTools } from './tools.ts';
import { version } from '../src/service/version.ts';
import { isMeasurable } from './usage.ts';
import type { Outcome } from './stage.ts';

const USAGE = `Usage: npm run bench [-- MODE… OPTIONS]
Modes: chat, stream (the default: both), streams, crowd, openai, accounts, responses, postgres, replicas, peers, tools,
  memory, schemas, telemetry, all;
  chaos, failover, pickup, fanout, outage, provider, durable (all of these), size, upgrade, start
Options: --rounds N, --api chat|responses, --only hop|service, --profile, --auth, --budgets, --tasks N, --kills N,
  --outages N, --away-seconds N, --provider-seconds N, --rows N, --queued N, --from COMMIT,
  --against CHECKOUT (measures beside the built checkout of another commit: chat, stream, streams and crowd),
  --tolerance N (an aim is a fault if it is missed by more than the noise and by N times)
  --help, --version
peers measures beside a service written by hand. With --auth the modes chaos, outage and provider use API keys, with
--budgets also budgets, and durable means these modes.`;

type Compared = 'chat' | 'stream' | 'streams' | 'crowd' | 'postgres' | 'replicas' | 'tools' | 'telemetry';
type Mode =
  | Compared
  | 'accounts'
  | 'responses'
  | 'openai'
  | 'peers'
  | 'memory'
  | 'schemas'
  | 'chaos'
  | 'failover'
  | 'pickup'
  | 'fanout'
  | 'outage'
  | 'provider'
  | 'size'
  | 'upgrade'
  | 'start';

const DURABLE: Mode[] = ['chaos', 'failover', 'pickup', 'fanout', 'outage', 'provider'];
/** The durable modes in which callers can have API keys and budgets. */
const ACCOUNTED: Mode[] = ['chaos', 'outage', 'provider'];
const MODES = new Map<string, Mode[]>([
  ['chat', ['chat']],
  ['stream', ['stream']],
  ['streams', ['streams']],
  ['crowd', ['crowd']],
  ['accounts', ['accounts']],
  ['responses', ['responses']],
  ['postgres', ['postgres']],
  ['replicas', ['replicas']],
  ['openai', ['openai']],
  ['peers', ['peers']],
  ['tools', ['tools']],
  ['memory', ['memory', 'schemas']],
  ['schemas', ['schemas']],
  ['telemetry', ['telemetry']],
  ['size', ['size']],
  ['upgrade', ['upgrade']],
  ['start', ['start']],
  ...DURABLE.map((mode): [string, Mode[]] => [mode, [mode]]),
  ['durable', DURABLE],
  ['all', ['chat', 'stream', 'streams', 'tools', 'memory', 'schemas']],
]);
const NAMES = ['hop', 'service'];
/** The modes that also measure another commit. */
const COMPARABLE = ['chat', 'stream', 'streams', 'crowd'];
/** The API to the model provider costs as much, whichever it is. */
const RESPONSES = { name: 'responses', maxRatio: 1.15, api: 'responses' };
const MAX_PRINTED = 10;
const ROUNDS = { chat: 6, stream: 6, streams: 3, crowd: 2, postgres: 4, replicas: 6, tools: 6, telemetry: 6 };
const MEMORY = fileURLToPath(new URL('./memory.ts', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    api: { type: 'string', default: 'chat' },
    only: { type: 'string' },
    against: { type: 'string' },
    profile: { type: 'boolean', default: false },
    auth: { type: 'boolean', default: false },
    budgets: { type: 'boolean', default: false },
    tasks: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
    outages: { type: 'string', default: '1' },
    'away-seconds': { type: 'string', default: '20' },
    'provider-seconds': { type: 'string', default: '60' },
    from: { type: 'string' },
    tolerance: { type: 'string', default: '1' },
    rows: { type: 'string', default: '1000000' },
    queued: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    version: { type: 'boolean', default: false },
  },
});

async function run(mode: Mode): Promise<string[]> {
  const { auth, budgets } = values;
  switch (mode) {
    case 'peers':
    case 'accounts':
    case 'responses':
      return [...(await compareBoth('chat', mode)), ...(await compareBoth('stream', mode))];
    case 'openai':
      return (await measureOpenAI({ api: values.api, rounds: roundsOf('chat'), tolerance: Number(values.tolerance) }))
        .faults;
    case 'memory':
      return runMemory();
    case 'schemas':
      return measureSchemas();
    case 'chaos':
      return measureChaos({ auth, budgets, tasks: countOf('tasks'), kills: countOf('kills') });
    case 'failover':
      return measureFailover();
    case 'pickup':
      // Runs in this process and loads parts of the service.
      return (await import('./chaos/pickup.ts')).measurePickup();
    case 'fanout':
      return measureFanout(profileFolderOf(mode));
    case 'outage':
      return measureOutage({ auth, budgets, awaySeconds: countOf('away-seconds'), outages: countOf('outages') });
    case 'provider':
      return measureProviderOutage({
        auth,
        budgets,
        tasks: countOf('tasks'),
        providerSeconds: countOf('provider-seconds'),
      });
    case 'upgrade':
      if (values.from === undefined) throw new Error('upgrade needs --from: the commit of the release before.');
      return measureUpgrade({ from: values.from, tasks: countOf('tasks') });
    case 'start':
      return measureStart();
    case 'size':
      // Runs in this process and loads parts of the service.
      return (await import('./size/size.ts')).measureSize(sizeOf());
    default:
      return compare(mode);
  }
}

/** Measures chats or streams of another service too, or of the service with other settings. */
function compareBoth(kind: 'chat' | 'stream', mode: 'peers' | 'accounts' | 'responses'): Promise<string[]> {
  return compare(kind, (options) => {
    if (mode === 'accounts') return measureAccounts({ ...options, kind });
    if (mode === 'peers') return measureThroughput({ ...options, kind, hasPeer: true });
    return measureThroughput({ ...options, kind, variant: RESPONSES });
  });
}

/** Measures the service beside the bare hop. */
async function compare(
  mode: Compared,
  measureMode: (options: CallersOptions) => Promise<Outcome> = (options) => measure(mode, options),
): Promise<string[]> {
  const profileFolder = profileFolderOf(mode);
  const options = {
    api: values.api,
    names: values.only === undefined ? NAMES : [values.only],
    rounds: roundsOf(mode),
    against: values.against,
    tolerance: Number(values.tolerance),
    ...(profileFolder !== undefined && { profileFolder }),
  };
  const { faults, warmedUpMs } = await measureMode(options);
  if (profileFolder !== undefined) summariseProfile(profileFolder, warmedUpMs);
  return faults;
}

function profileFolderOf(mode: Mode): string | undefined {
  return values.profile ? mkdtempSync(join(tmpdir(), `rookery-profile-${mode}-`)) : undefined;
}

function measure(mode: Compared, options: CallersOptions): Promise<Outcome> {
  if (mode === 'telemetry') return measureTelemetry(options);
  if (mode === 'postgres') return measurePostgres(options);
  if (mode === 'replicas') return measureReplicas(options);
  if (mode === 'streams' || mode === 'crowd') return measureCallers(mode, options);
  return mode === 'tools' ? measureTools(options) : measureThroughput({ ...options, kind: mode });
}

/** Runs in its own process, so that its heap holds nothing else. */
function runMemory(): string[] {
  const { status, signal } = spawnSync(process.execPath, ['--expose-gc', MEMORY], { stdio: 'inherit' });
  return status === 0 ? [] : [`memory: ended with ${status ?? signal}`];
}

function roundsOf(mode: Compared): number {
  return values.rounds === undefined ? ROUNDS[mode] : countOf('rounds');
}

/** The queue has 6 % as many tasks as there are runs, unless the caller says. */
function sizeOf(): SizeOptions {
  const rows = countOf('rows');
  const queued = values.queued === undefined ? Math.ceil(rows * 0.06) : countOf('queued');
  return { rows, queued, rounds: values.rounds === undefined ? 50 : countOf('rounds') };
}

/** @throws Error if the option is not a whole number of at least 1. */
function countOf(
  name: 'rows' | 'queued' | 'rounds' | 'tasks' | 'kills' | 'outages' | 'away-seconds' | 'provider-seconds',
): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number of at least 1.`);
  return value;
}

/** Returns the parts of a mode. */
function partsOf(name: string): Mode[] {
  if (name === 'durable' && values.auth) return ACCOUNTED;
  return MODES.get(name) ?? [];
}

async function main(): Promise<void> {
  if (values.help) return print(USAGE);
  if (values.version) return print(version());
  const modes = positionals.length === 0 ? ['chat', 'stream'] : positionals;
  modes.forEach((name) => requireOffered(name, [...MODES.keys()]));
  requireOffered(values.api, ['chat', 'responses']);
  requireOffered(values.only ?? 'hop', NAMES);
  requireComparable(modes);
  if (values.budgets && !values.auth) throw new Error('--budgets needs --auth: only API keys have budgets.');
  if (!isMeasurable) print('CPU and memory are read from /proc: they need Linux.');
  print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, all on loopback, MODEL_API=${values.api}`);
  const faults: string[] = [];
  for (const mode of modes.flatMap(partsOf)) faults.push(...(await run(mode)));
  printFaults(faults);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function requireOffered(name: string, offered: readonly string[]): void {
  if (!offered.includes(name)) throw new Error(`Unknown "${name}". Offered: ${offered.join(', ')}.`);
}

/** @throws Error if a mode cannot be compared with another commit. */
function requireComparable(modes: readonly string[]): void {
  if (values.against === undefined) return;
  const other = modes.find((mode) => !COMPARABLE.includes(mode));
  if (other !== undefined) throw new Error(`--against compares ${COMPARABLE.join(', ')}, not ${other}.`);
  if (values.only !== undefined) throw new Error('--against needs all contestants: leave out --only.');
}

function printFaults(faults: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  for (const [fault, count] of [...counts].slice(0, MAX_PRINTED)) complain(`${count} × ${fault}`);
  if (counts.size > MAX_PRINTED) complain(`and ${counts.size - MAX_PRINTED} other faults`);
}

function complain(text: string): void {
  process.stderr.write(`ERROR ${text}\n`);
}

// Exits regularly, so that the exit handlers stop the servers and remove the temporary folders.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await main();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
