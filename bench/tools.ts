import { checkChat } from './answers.ts';
import type { Round } from './load.ts';
import { number, print, table } from './report.ts';
import { type Outcome, type Sample, Stage, type StageOptions } from './stage.ts';
import { cpuPerCall, HEAD, judgeRatio, row } from './throughput.ts';
import { MARKER } from './tool-calls.ts';
import { deltaTexts } from './wire.ts';

export interface ToolsOptions extends Omit<StageOptions, 'upstreamArgs' | 'names'> {
  rounds: number;
}

/** A run with tools makes two model calls. */
const MODEL_CALLS = 2;
const DELTAS = 100;
const CONCURRENCY = 32;
const WARM_UP_RUNS = 2000;
const RUNS = 1500;
const AIM = 2;

/**
 * Measures a round of three parallel tools. One process runs it beside the same number of model calls without tools.
 */
export async function measureTools({ rounds, ...options }: ToolsOptions): Promise<Outcome> {
  const upstreamArgs = ['--deltas', String(DELTAS)];
  const stage = await Stage.open({ ...options, names: ['service'], upstreamArgs });
  const [service] = stage.contestants;
  if (!service) throw new Error('The tools mode needs the service.');
  const round = (calls: number): Round => ({
    origin: service.server.url,
    path: service.paths.chat,
    calls,
    concurrency: CONCURRENCY,
    isPaced: false,
    check: checkChat(deltaTexts(DELTAS).join('')),
  });
  const withTools = (runs: number): Promise<Sample> =>
    stage.measure(service.server, { ...round(runs), message: `Use ${MARKER} and say what they tell.` }, MODEL_CALLS);
  const plain = (runs: number): Promise<Sample> => stage.measure(service.server, round(runs * MODEL_CALLS));

  await withTools(WARM_UP_RUNS);
  await plain(WARM_UP_RUNS);
  const warmedUpMs = stage.ageMs();
  const tools: Sample[] = [];
  const chats: Sample[] = [];
  for (let index = 0; index < rounds; index++) {
    const turns = [async () => tools.push(await withTools(RUNS)), async () => chats.push(await plain(RUNS))];
    for (const turn of index % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  const size = `${number(RUNS)} runs with tools and ${number(RUNS * MODEL_CALLS)} chats`;
  print(
    `\ntools: ${rounds} rounds of ${size}, ${CONCURRENCY} at a time, after ${number(WARM_UP_RUNS)} runs of each to warm up`,
  );
  const peakMiB = service.server.peakMiB();
  print(table([HEAD, row('three tools', peakMiB, tools), row('chat', peakMiB, chats)]));
  const twoChats = cpuPerCall(chats).map((micros) => micros * MODEL_CALLS);
  const fault = judgeRatio('a run with three tools / two chats', cpuPerCall(tools), twoChats, { aim: AIM });
  return { faults: [...(fault === undefined ? [] : [fault]), ...(await stage.close())], warmedUpMs };
}
