import { checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { type Contestant, type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { quantile } from './statistics.ts';
import { number, print, table } from './report.ts';

export interface CallersOptions extends Omit<StageOptions, 'upstreamArgs'> {
  rounds: number;
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
const AIM = { peakMiB: 500, lagMs: 1000 };

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
  report(crowds);
  return { faults: await stage.close(), warmedUpMs };
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

function report(crowds: CallerSample[]): void {
  const pace = `${DELTAS} deltas ${INTERVAL_MS} ms apart after ${FIRST_DELTA_MS} ms`;
  print(`\nstreams: ${number(CALLERS)} callers at once, ${pace}, after ${WARM_UP_CALLERS} to warm up`);
  print(table([HEAD, ...crowds.map(row)]));
  print('  lag: from sending the first delta at the upstream to its arrival at the caller');
  const service = crowds.filter(({ name }) => name === 'service');
  if (service.length === 0) return;
  const misses = new Set(service.flatMap(judge));
  const verdict = misses.size === 0 ? 'met' : `MISSED (${[...misses].join(', ')})`;
  print(`  service: aims all complete, p99 lag ≤ ${AIM.lagMs} ms, peak < ${AIM.peakMiB} MiB: ${verdict}`);
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

function judge({ sample, complete, peakMiB }: CallerSample): string[] {
  const misses: string[] = [];
  if (complete < CALLERS) misses.push('complete');
  if (quantile(sample.firstDeltaLagMs, 0.99) > AIM.lagMs) misses.push('lag');
  if (peakMiB >= AIM.peakMiB) misses.push('memory');
  return misses;
}
