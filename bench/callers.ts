import { checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { type Contestant, type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { median, quantile } from './statistics.ts';
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

const CALLERS = 2000;
const WARM_UP_CALLERS = 500;
const DELTAS = 50;
const FIRST_DELTA_MS = 500;
const INTERVAL_MS = 20;
const UPSTREAM_ARGS = ['--deltas', DELTAS, '--first-delta-ms', FIRST_DELTA_MS, '--interval-ms', INTERVAL_MS].map(
  String,
);
/** The last one is relative to the hop. */
const AIM = { peakMiB: 450, lagMs: 1000, firstDeltaRatio: 1.6 };

/** Opens many paced streams at once. Measures whether one process serves them all, and the lag of the deltas. */
export async function measureCallers(options: CallersOptions): Promise<Outcome> {
  const stage = await Stage.open({ ...options, upstreamArgs: UPSTREAM_ARGS });
  const { contestants } = stage;
  for (const contestant of contestants) await measureCrowd(stage, contestant, WARM_UP_CALLERS);
  const warmedUpMs = stage.ageMs();
  const crowds: CallerSample[] = [];
  for (let index = 0; index < options.rounds; index++) {
    for (const contestant of index % 2 === 0 ? contestants : contestants.toReversed()) {
      crowds.push(await measureCrowd(stage, contestant, CALLERS));
    }
  }
  const faults = report(crowds, options.tolerance ?? 1);
  return { faults: [...faults, ...(await stage.close())], warmedUpMs };
}

async function measureCrowd(stage: Stage, { server, paths }: Contestant, callers: number): Promise<CallerSample> {
  const round: Round = {
    origin: server.url,
    path: paths.stream,
    calls: callers,
    concurrency: callers,
    isPaced: true,
    check: checkStream(DELTAS),
  };
  const sample = await stage.measure(server, round);
  const { peakOpen } = await stage.upstreamStats();
  const complete = sample.calls - sample.faults.length;
  return { name: server.name, sample, complete, openAtOnce: peakOpen, peakMiB: server.peakMiB() };
}

/** Prints all crowds, and returns which aims the service missed by more than that factor. */
function report(crowds: CallerSample[], tolerance: number): string[] {
  const pace = `${DELTAS} deltas ${INTERVAL_MS} ms apart after ${FIRST_DELTA_MS} ms`;
  print(`\nstreams: ${number(CALLERS)} callers at once, ${pace}, after ${WARM_UP_CALLERS} to warm up`);
  print(table([HEAD, ...crowds.map(row)]));
  print('  lag: from sending the first delta at the upstream to its arrival at the caller');
  const of = (name: string): CallerSample[] => crowds.filter((crowd) => crowd.name === name);
  const [service, hop] = [of('service'), of('hop')];
  if (service.length === 0) return [];
  const figures = [
    { what: 'p99 lag in ms', value: middle(service, lagOf), aim: AIM.lagMs },
    {
      what: 'p99 first delta / hop',
      value: middle(service, firstDeltaOf) / middle(hop, firstDeltaOf),
      aim: AIM.firstDeltaRatio,
    },
    { what: 'peak MiB', value: middle(service, ({ peakMiB }) => peakMiB), aim: AIM.peakMiB },
  ];
  for (const { what, value, aim } of figures) {
    if (!Number.isNaN(value)) print(`  ${what}: ${number(value, 2)}, aim ≤ ${aim}: ${value <= aim ? 'met' : 'MISSED'}`);
  }
  const isIncomplete = service.some(({ complete }) => complete < CALLERS);
  return [
    ...(isIncomplete ? ['streams: not all were complete'] : []),
    ...figures
      .filter(({ value, aim }) => value > aim * tolerance)
      .map(({ what, value, aim }) => `streams: ${what} ${number(value, 2)}, aim ≤ ${aim} × ${tolerance}`),
  ];
}

function middle(crowds: readonly CallerSample[], read: (crowd: CallerSample) => number): number {
  return median(crowds.map(read));
}

function lagOf({ sample }: CallerSample): number {
  return quantile(sample.firstDeltaLagMs, 0.99);
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
    number(sample.seconds, 2),
    number(sample.cpuMicros / 1e6, 2),
    number(peakMiB),
  ];
}
