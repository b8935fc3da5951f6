// npm run bench [-- chat | stream | streams | all] [--rounds N] [--api responses] [--only hop | service] [--profile]
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCallers } from './callers.ts';
import { summariseProfile } from './profile.ts';
import { print } from './report.ts';
import { measureThroughput } from './throughput.ts';
import { isMeasurable } from './usage.ts';

type Mode = 'chat' | 'stream' | 'streams';

const MODES = new Map<string, Mode[]>([
  ['chat', ['chat']],
  ['stream', ['stream']],
  ['streams', ['streams']],
  ['all', ['chat', 'stream', 'streams']],
]);
const NAMES = ['hop', 'service'];
const MOST_PRINTED = 10;
const ROUNDS = { chat: 6, stream: 6, streams: 3 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    api: { type: 'string', default: 'chat' },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});

async function run(mode: Mode): Promise<string[]> {
  const profileFolder = values.profile ? mkdtempSync(join(tmpdir(), `rookery-profile-${mode}-`)) : undefined;
  const options = {
    api: values.api,
    names: values.only === undefined ? NAMES : [values.only],
    rounds: roundsOf(mode),
    ...(profileFolder !== undefined && { profileFolder }),
  };
  const { faults, warmedUpMs } =
    mode === 'streams' ? await measureCallers(options) : await measureThroughput({ ...options, kind: mode });
  if (profileFolder !== undefined) summariseProfile(profileFolder, warmedUpMs);
  return faults;
}

function roundsOf(mode: Mode): number {
  const rounds = values.rounds === undefined ? ROUNDS[mode] : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on.');
  return rounds;
}

async function main(): Promise<void> {
  const modes = positionals.length === 0 ? ['chat', 'stream'] : positionals;
  modes.forEach((name) => requireOffered(name, [...MODES.keys()]));
  requireOffered(values.api, ['chat', 'responses']);
  requireOffered(values.only ?? 'hop', NAMES);
  if (!isMeasurable) print('CPU and memory are read from /proc: they need Linux.');
  print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, all on loopback, MODEL_API=${values.api}`);
  const faults: string[] = [];
  for (const mode of modes.flatMap((name) => MODES.get(name) ?? [])) faults.push(...(await run(mode)));
  printFaults(faults);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function requireOffered(name: string, offered: readonly string[]): void {
  if (!offered.includes(name)) throw new Error(`No "${name}". Offered: ${offered.join(', ')}.`);
}

function printFaults(faults: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  for (const [fault, count] of [...counts].slice(0, MOST_PRINTED)) complain(`${count} × ${fault}`);
  if (counts.size > MOST_PRINTED) complain(`and ${counts.size - MOST_PRINTED} other faults`);
}

function complain(text: string): void {
  process.stderr.write(`ERROR ${text}\n`);
}

// The servers and the temporary folders go with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await main();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
