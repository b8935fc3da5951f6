import { checkChat, checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { type Contestant, type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { median, quantile } from './statistics.ts';
import { number, print, table } from './report.ts';
import { deltaTexts } from './wire.ts';

export interface ThroughputOptions extends Omit<StageOptions, 'upstreamArgs'> {
  kind: 'chat' | 'stream';
  rounds: number;
}

interface Contest extends Contestant {
  samples: Sample[];
}

const DELTAS = 100;
const CONCURRENCY = 32;
/** What spans may cost, by the CPU of a chat without them. */
const MOST_FOR_TRACES = 1.15;
const SIZES = {
  chat: { warmUpCalls: 4000, calls: 3000, check: checkChat(deltaTexts(DELTAS).join('')), aim: 4 },
  stream: { warmUpCalls: 1500, calls: 1000, check: checkStream(DELTAS), aim: 3 },
};

/** Short calls one after the other, without latency: what one of them costs the service, and what it costs the hop. */
export async function measureThroughput(options: ThroughputOptions): Promise<Outcome> {
  const { kind, rounds } = options;
  const { warmUpCalls, calls, check } = SIZES[kind];
  const stage = await Stage.open({ ...options, upstreamArgs: ['--deltas', String(DELTAS)] });
  const contests: Contest[] = stage.contestants.map((contestant) => ({ ...contestant, samples: [] }));
  const round = ({ server, paths }: Contestant, count: number): Round => {
    return { origin: server.url, path: paths[kind], calls: count, concurrency: CONCURRENCY, isPaced: false, check };
  };

  for (const contest of contests) await stage.measure(contest.server, round(contest, warmUpCalls));
  const warmedUpMs = stage.ageMs();
  for (let index = 0; index < rounds; index++) {
    // Each goes first in turn: a neighbour's noise on this machine falls on both.
    for (const contest of index % 2 === 0 ? contests : contests.toReversed()) {
      contest.samples.push(await stage.measure(contest.server, round(contest, calls)));
    }
  }
  const what = kind === 'chat' ? 'chats' : `streams of ${DELTAS} deltas`;
  print(
    `\n${kind}: ${rounds} rounds of ${number(calls)} ${what}, ${CONCURRENCY} at a time, after ${number(warmUpCalls)} to warm up`,
  );
  print(table([HEAD, ...contests.map(({ server, samples }) => row(server.name, server.peakMiB(), samples))]));
  const [hop, service] = ['hop', 'service'].map((name) => contests.find(({ server }) => server.name === name)?.samples);
  const traced = contests.find(({ server }) => server.name === 'traced')?.samples;
  if (traced && service) printRatio('traced / service', cpuPerCall(traced), cpuPerCall(service), MOST_FOR_TRACES);
  if (hop && service) printRatio('service / hop', cpuPerCall(service), cpuPerCall(hop), SIZES[kind].aim);
  return { faults: await stage.close(), warmedUpMs };
}

export const HEAD = ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs: median', 'least', 'peak MiB', 'errors'];

export function row(name: string, peakMiB: number, samples: Sample[]): string[] {
  const middle = (read: (sample: Sample) => number) => median(samples.map(read));
  return [
    name,
    number(middle((sample) => sample.calls / sample.seconds)),
    number(
      middle((sample) => quantile(sample.latenciesMs, 0.5)),
      1,
    ),
    number(
      middle((sample) => quantile(sample.latenciesMs, 0.99)),
      1,
    ),
    number(median(cpuPerCall(samples))),
    number(Math.min(...cpuPerCall(samples))),
    number(peakMiB),
    number(samples.reduce((sum, sample) => sum + sample.faults.length, 0)),
  ];
}

/** Round by round: the neighbours of a round have the same noise. */
export function printRatio(what: string, over: number[], under: number[], aim: number): void {
  const ratios = over.map((micros, index) => micros / (under[index] ?? NaN));
  const ratio = median(ratios);
  if (Number.isNaN(ratio)) return;
  const range = `${number(Math.min(...ratios), 2)}–${number(Math.max(...ratios), 2)}`;
  const verdict = ratio <= aim ? 'met' : 'MISSED';
  print(`  CPU of ${what}: ${number(ratio, 2)} (rounds ${range}), aim ≤ ${aim}: ${verdict}`);
}

export function cpuPerCall(samples: Sample[]): number[] {
  return samples.map((sample) => sample.cpuMicros / sample.calls);
}
