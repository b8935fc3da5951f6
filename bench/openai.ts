import { checkChat, checkCompletion, checkResponse, checkStream } from './answers.ts';
import type { Round } from './load.ts';
import { number, print, table } from './report.ts';
import { type Outcome, type Sample, Stage } from './stage.ts';
import { cpuPerCall, HEAD, judgeRatio, row } from './throughput.ts';
import { deltaTexts } from './wire.ts';

export interface OpenAIOptions {
  /** The service's API to the upstream. */
  api: string;
  rounds: number;
  /** How many times the aim is still no fault. Default: 1. */
  tolerance?: number;
}

type Call = Pick<Round, 'path' | 'check' | 'bodyOf'>;

/** A call of the OpenAI-compatible API beside the call of version 1 that does the same. */
interface Duel {
  readonly name: string;
  readonly calls: number;
  readonly own: Call;
  readonly openai: Call;
  /** The highest allowed CPU, relative to that of version 1. */
  readonly aim: number;
}

const DELTAS = 100;
const CONCURRENCY = 32;
const REPLY = deltaTexts(DELTAS).join('');

const DUELS: readonly Duel[] = [
  {
    name: 'chat completion / chat',
    calls: 2000,
    own: { path: '/api/v1/agent/chat', check: checkChat(REPLY) },
    openai: {
      path: '/v1/chat/completions',
      check: checkCompletion(REPLY),
      bodyOf: (content) => ({
        model: 'assistant',
        messages: [{ role: 'user', content }],
        temperature: 0.7,
        store: false,
      }),
    },
    aim: 0.9,
  },
  {
    name: 'streamed response / stream',
    calls: 700,
    own: { path: '/api/v1/agent/chat/stream', check: checkStream(DELTAS) },
    openai: {
      path: '/v1/responses',
      check: checkResponse(DELTAS),
      bodyOf: (input) => ({ model: 'assistant', input, temperature: 0.7, stream: true }),
    },
    aim: 1.3,
  },
];

/** Measures the OpenAI-compatible API beside version 1, on one service. */
export async function measureOpenAI({ api, rounds, tolerance }: OpenAIOptions): Promise<Outcome> {
  const stage = await Stage.open({ api, names: ['service'], upstreamArgs: ['--deltas', String(DELTAS)] });
  const faults: string[] = [];
  for (const duel of DUELS) faults.push(...(await fight(stage, duel, rounds, tolerance)));
  return { faults: [...faults, ...(await stage.close())], warmedUpMs: 0 };
}

async function fight(stage: Stage, duel: Duel, rounds: number, tolerance: number | undefined): Promise<string[]> {
  const [service] = stage.contestants;
  if (service === undefined) return [];
  const { server } = service;
  const measure = (call: Call, calls: number): Promise<Sample> =>
    stage.measure(server, { ...call, origin: server.url, calls, concurrency: CONCURRENCY, isPaced: false });
  for (const call of [duel.own, duel.openai]) await measure(call, duel.calls);
  const own: Sample[] = [];
  const openai: Sample[] = [];
  for (let index = 0; index < rounds; index++) {
    // They alternate as the first, so that noise on this machine affects both.
    const isOwnFirst = index % 2 === 0;
    if (isOwnFirst) own.push(await measure(duel.own, duel.calls));
    openai.push(await measure(duel.openai, duel.calls));
    if (!isOwnFirst) own.push(await measure(duel.own, duel.calls));
  }
  print(`\n${duel.name}: ${rounds} rounds of ${number(duel.calls)} calls, ${CONCURRENCY} at a time`);
  print(table([HEAD, row(duel.own.path, server.peakMiB(), own), row(duel.openai.path, server.peakMiB(), openai)]));
  const fault = judgeRatio(duel.name, cpuPerCall(openai), cpuPerCall(own), { aim: duel.aim, tolerance });
  return fault === undefined ? [] : [fault];
}
