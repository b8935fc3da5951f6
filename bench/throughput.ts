import { checkChat, checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { type Contestant, type Outcome, type Sample, HOP_AGAIN, Stage, type StageOptions } from './stage.ts';
import { median, quantile } from './statistics.ts';
import { number, print, table } from './report.ts';
import { deltaTexts } from './wire.ts';

export interface ThroughputOptions extends Omit<StageOptions, 'upstreamArgs'> {
  kind: 'chat' | 'stream';
  rounds: number;
  /** How many times the aim is still no fault. Default: 1. */
  tolerance?: number;
}

interface Contest extends Contestant {
  samples: Sample[];
}

const DELTAS = 100;
const CONCURRENCY = 32;
const SIZES = {
  chat: { warmUpCalls: 4000, calls: 3000, check: checkChat(deltaTexts(DELTAS).join('')), aim: 4 },
  stream: { warmUpCalls: 1500, calls: 1000, check: checkStream(DELTAS), aim: 2 },
};

/** Runs short calls without latency, and measures the cost of one call for the service and for the hop. */
export async function measureThroughput(options: ThroughputOptions): Promise<Outcome> {
  const { kind, rounds, tolerance, variant } = options;
  const { warmUpCalls, calls, check } = SIZES[kind];
  const stage = await Stage.open({ ...options, upstreamArgs: ['--deltas', String(DELTAS)] });
  const contests: Contest[] = stage.contestants.map((contestant) => ({ ...contestant, samples: [] }));
  const round = ({ server, paths, headers }: Contestant, count: number): Round => {
    const { url: origin } = server;
    return { origin, path: paths[kind], headers, calls: count, concurrency: CONCURRENCY, isPaced: false, check };
  };

  for (const contest of contests) await stage.measure(contest.server, round(contest, warmUpCalls));
  const warmedUpMs = stage.ageMs();
  for (let index = 0; index < rounds; index++) {
    // The contestants alternate as the first, so that noise on this machine affects all.
    for (const contest of index % 2 === 0 ? contests : contests.toReversed()) {
      contest.samples.push(await stage.measure(contest.server, round(contest, calls)));
    }
  }
  const what = kind === 'chat' ? 'chats' : `streams of ${DELTAS} deltas`;
  print(
    `\n${kind}: ${rounds} rounds of ${number(calls)} ${what}, ${CONCURRENCY} at a time, after ${number(warmUpCalls)} to warm up`,
  );
  print(table([HEAD, ...contests.map(({ server, samples }) => row(server.name, server.peakMiB(), samples))]));
  const cpuOf = (name: string): number[] | undefined => {
    const contest = contests.find(({ server }) => server.name === name);
    return contest && cpuPerCall(contest.samples);
  };
  const [hop, service, varied] = [cpuOf('hop'), cpuOf('service'), variant && cpuOf(variant.name)];
  const [against, hopAgain, byHand] = [cpuOf('against'), cpuOf(HOP_AGAIN), cpuOf('by hand')];
  const noise = hop && hopAgain && ratiosOf(hop, hopAgain);
  const faults: (string | undefined)[] = [];
  if (variant && varied && service) {
    const ratio = `${kind}: ${variant.name} / service`;
    faults.push(judgeRatio(ratio, varied, service, { aim: variant.maxRatio, noise, tolerance }));
  }
  if (hop && service) {
    faults.push(judgeRatio(`${kind}: service / hop`, service, hop, { aim: SIZES[kind].aim, noise, tolerance }));
  }
  if (hop && byHand) print(`  CPU of by hand / hop: ${number(median(ratiosOf(byHand, hop)), 2)}`);
  if (against && service && noise) printComparison({ service, against, noise });
  return { faults: [...faults.flatMap((fault) => fault ?? []), ...(await stage.close())], warmedUpMs };
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

/** The aim of a ratio, and its noise. */
interface Judgement {
  readonly aim: number;
  /** The ratios of a hop to itself, round by round. Default: no noise. */
  readonly noise?: readonly number[] | undefined;
  /** How many times the aim is still no fault. Default: 1. */
  readonly tolerance?: number | undefined;
}

/**
 * Compares round by round: neighbours in a round have the same noise. Prints the median ratio.
 *
 * @returns the fault if it misses the aim by more than the noise.
 */
export function judgeRatio(
  what: string,
  over: readonly number[],
  under: readonly number[],
  { aim, noise = [], tolerance = 1 }: Judgement,
): string | undefined {
  const ratios = ratiosOf(over, under);
  const ratio = median(ratios);
  if (Number.isNaN(ratio)) return undefined;
  const share = noise.length === 0 ? 0 : median(noise.map((each) => Math.abs(each - 1)));
  const verdict = ratio <= aim ? 'met' : ratio <= aim * (1 + share) ? 'missed within the noise' : 'MISSED';
  const text = `CPU of ${what}: ${number(ratio, 2)} (rounds ${rangeOf(ratios)}), aim ≤ ${aim}`;
  print(`  ${text}: ${verdict}${noise.length === 0 ? '' : ` (noise ${number(share * 100)} %)`}`);
  return ratio > aim * tolerance * (1 + share) ? `${text} × ${tolerance}` : undefined;
}

interface Compared {
  readonly service: readonly number[];
  readonly against: readonly number[];
  /** The ratios of a hop to itself. */
  readonly noise: readonly number[];
}

/** Compares the service with that of another commit. */
function printComparison({ service, against, noise }: Compared): void {
  const ratio = ratiosOf(service, against);
  const [least, most] = [Math.min(...noise), Math.max(...noise)];
  const middle = median(ratio);
  const verdict = middle < least ? 'faster' : middle > most ? 'SLOWER' : 'within the noise';
  print(`  CPU of service / against: ${number(middle, 2)} (rounds ${rangeOf(ratio)}): ${verdict}`);
  print(`  noise, hop / hop again: ${number(median(noise), 2)} (rounds ${rangeOf(noise)})`);
}

function ratiosOf(over: readonly number[], under: readonly number[]): number[] {
  return over.map((micros, index) => micros / (under[index] ?? NaN));
}

function rangeOf(ratios: readonly number[]): string {
  return `${number(Math.min(...ratios), 2)}–${number(Math.max(...ratios), 2)}`;
}

export function cpuPerCall(samples: Sample[]): number[] {
  return samples.map((sample) => sample.cpuMicros / sample.calls);
}
