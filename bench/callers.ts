import { checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { type Contestant, type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { median, quantile } from './statistics.ts';
import { judgeRatio } from './throughput.ts';
import { number, print, table } from './report.ts';

export interface CallersOptions extends Omit<StageOptions, 'upstreamArgs'> {
  rounds: number;
  /** How many times an aim is still no fault. Default: 1. */
  tolerance?: number;
}

interface CallerSample {
  name: string;
  sample: Sample;
  complete: number;
  openAtOnce: number;
  peakMiB: number;
}

/** How many callers open a stream at once, and what each stream sends. */
interface Crowd {
  readonly callers: number;
  readonly warmUpCallers: number;
  readonly deltas: number;
  readonly intervalMs: number;
  /** The time in which they open their streams. The system queues 4,096 connections, and drops others for a second. */
  readonly rampMs?: number;
  readonly aims: Aims;
}

interface Aims {
  readonly peakMiB?: number;
  /** p99 of the lag of the first delta. */
  readonly lagMs?: number;
  /** p99 of the time to the first delta, relative to the hop. */
  readonly firstDeltaRatio?: number;
  /** CPU of all streams, relative to the hop. */
  readonly cpuRatio?: number;
}

const CROWDS = {
  streams: {
    callers: 2000,
    warmUpCallers: 500,
    deltas: 50,
    intervalMs: 20,
    aims: { peakMiB: 450, lagMs: 1000, firstDeltaRatio: 1.6 },
  },
  crowd: { callers: 5000, warmUpCallers: 1000, deltas: 60, intervalMs: 50, rampMs: 2000, aims: { cpuRatio: 2 } },
} satisfies Record<string, Crowd>;
const FIRST_DELTA_MS = 500;
/** On a machine with other load even the hop lags. The service may lag this many times as much. */
const LAGS_OF_HOP = 4;

/** Opens many paced streams at once. Measures whether one process serves them all, and the lag of the deltas. */
export async function measureCallers(mode: keyof typeof CROWDS, options: CallersOptions): Promise<Outcome> {
  const crowd: Crowd = CROWDS[mode];
  const pace = ['--deltas', crowd.deltas, '--first-delta-ms', FIRST_DELTA_MS, '--interval-ms', crowd.intervalMs];
  const stage = await Stage.open({ ...options, upstreamArgs: pace.map(String) });
  const { contestants } = stage;
  for (const contestant of contestants) await measureCrowd(stage, contestant, crowd, crowd.warmUpCallers);
  const warmedUpMs = stage.ageMs();
  const samples: CallerSample[] = [];
  for (let index = 0; index < options.rounds; index++) {
    for (const contestant of index % 2 === 0 ? contestants : contestants.toReversed()) {
      samples.push(await measureCrowd(stage, contestant, crowd, crowd.callers));
    }
  }
  const faults = report(mode, crowd, samples, options.tolerance ?? 1);
  return { faults: [...faults, ...(await stage.close())], warmedUpMs };
}

async function measureCrowd(
  stage: Stage,
  { server, paths }: Contestant,
  { deltas, rampMs }: Crowd,
  callers: number,
): Promise<CallerSample> {
  const round: Round = {
    origin: server.url,
    path: paths.stream,
    calls: callers,
    concurrency: callers,
    rampMs,
    isPaced: true,
    check: checkStream(deltas),
  };
  const sample = await stage.measure(server, round);
  const { peakOpen } = await stage.upstreamStats();
  const complete = sample.calls - sample.faults.length;
  return { name: server.name, sample, complete, openAtOnce: peakOpen, peakMiB: server.peakMiB() };
}

/** Prints all samples, and returns which aims the service missed by more than that factor. */
function report(
  mode: string,
  { callers, deltas, intervalMs, ...crowd }: Crowd,
  samples: CallerSample[],
  tolerance: number,
): string[] {
  const pace = `${deltas} deltas ${intervalMs} ms apart after ${FIRST_DELTA_MS} ms`;
  print(`\n${mode}: ${number(callers)} callers at once, ${pace}, after ${number(crowd.warmUpCallers)} to warm up`);
  print(table([HEAD, ...samples.map(row)]));
  print('  lag: from sending the first delta at the upstream to its arrival at the caller');
  print('  longest pause: of each stream, between two arrivals at the caller after the first delta');
  const of = (name: string): CallerSample[] => samples.filter((sample) => sample.name === name);
  const [service, hop] = [of('service'), of('hop')];
  if (service.length === 0) return [];
  const { peakMiB, lagMs, firstDeltaRatio, cpuRatio } = crowd.aims;
  const figures = [
    { what: 'p99 lag in ms', value: middle(service, lagOf), aim: lagMs && lagAim(lagMs, hop) },
    {
      what: 'p99 first delta / hop',
      value: middle(service, firstDeltaOf) / middle(hop, firstDeltaOf),
      aim: firstDeltaRatio,
    },
    { what: 'peak MiB', value: middle(service, (sample) => sample.peakMiB), aim: peakMiB },
  ];
  const faults = service.some(({ complete }) => complete < callers) ? [`${mode}: not all were complete`] : [];
  for (const { what, value, aim } of figures) {
    if (aim === undefined || Number.isNaN(value)) continue;
    print(`  ${what}: ${number(value, 2)}, aim ≤ ${number(aim, 2)}: ${value <= aim ? 'met' : 'MISSED'}`);
    if (value > aim * tolerance)
      faults.push(`${mode}: ${what} ${number(value, 2)}, aim ≤ ${number(aim, 2)} × ${tolerance}`);
  }
  const cpu =
    cpuRatio && judgeRatio(`${mode}: service / hop`, cpuOf(service), cpuOf(hop), { aim: cpuRatio, tolerance });
  return cpu ? [...faults, cpu] : faults;
}

function cpuOf(samples: readonly CallerSample[]): number[] {
  return samples.map(({ sample }) => sample.cpuMicros);
}

function middle(samples: readonly CallerSample[], read: (sample: CallerSample) => number): number {
  return median(samples.map(read));
}

function lagOf({ sample }: CallerSample): number {
  return quantile(sample.firstDeltaLagMs, 0.99);
}

function lagAim(lagMs: number, hop: readonly CallerSample[]): number {
  return hop.length === 0 ? lagMs : Math.max(lagMs, middle(hop, lagOf) * LAGS_OF_HOP);
}

function firstDeltaOf({ sample }: CallerSample): number {
  return quantile(sample.firstDeltaMs, 0.99);
}

const HEAD = [
  '',
  'complete',
  'open at once',
  'lag ms p50',
  'p99',
  'first delta ms p50',
  'p99',
  'longest pause ms p50',
  'p99',
  'all s',
  'CPU s',
  'peak MiB',
];

function row({ name, sample, complete, openAtOnce, peakMiB }: CallerSample): string[] {
  return [
    name,
    number(complete),
    number(openAtOnce),
    number(quantile(sample.firstDeltaLagMs, 0.5)),
    number(quantile(sample.firstDeltaLagMs, 0.99)),
    number(quantile(sample.firstDeltaMs, 0.5)),
    number(quantile(sample.firstDeltaMs, 0.99)),
    number(quantile(sample.longestPauseMs, 0.5)),
    number(quantile(sample.longestPauseMs, 0.99)),
    number(sample.seconds, 2),
    number(sample.cpuMicros / 1e6, 2),
    number(peakMiB),
  ];
}
