// Runs many runs with three tools and then many tasks in one process, and measures the heap that remains. run.ts starts
// it with --expose-gc: over HTTP, garbage and retained memory look the same.
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskBench } from './chaos/task.bench.ts';
import { embeddedPlace, within } from './chaos/places.ts';
import { number, print, table } from './report.ts';
import { TOOL_CALLS } from './tool-calls.ts';

const RUN_MARKS = [4_000, 20_000];
const TASK_MARKS = [10_000, 50_000];
const CONCURRENCY = 8;
/** Tasks that are queued or running at any time. */
const TASKS_AT_ONCE = 200;
const AIM_PERCENT = 10;
const SETTLE_MS = 500;
const MIB = 1024 ** 2;

const dist = (path: string): string => new URL(`../dist/${path}`, import.meta.url).href;
const { LanguageModel }: typeof import('../src/index.ts') = await import(dist('index.js'));
const { createTestApp }: typeof import('../src/testing/index.ts') = await import(dist('testing/index.js'));
const { AssistantAgent }: typeof import('../src/service/agents/assistant.agent.ts') = await import(
  dist('service/agents/assistant.agent.js')
);
type Model = InstanceType<typeof LanguageModel>;

/**
 * Calls the tools, then answers with their results. A scripted model would retain every request, and the bench looks
 * for retained memory.
 */
class ToolsModel extends LanguageModel {
  override nameFor(): string {
    return 'tools';
  }

  override async reply({ messages }: Parameters<Model['reply']>[0]): ReturnType<Model['reply']> {
    const results = messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []));
    const toolCalls = TOOL_CALLS.map(({ tool, arguments: input }, index) => ({
      callId: `call_${index}`,
      name: tool,
      arguments: JSON.stringify(input),
    }));
    const usage = { inputTokens: 24, outputTokens: 10 };
    const isDone = results.length > 0;
    return { text: results.join('\n'), toolCalls: isDone ? [] : toolCalls, model: 'tools', usage, isTruncated: false };
  }

  override async *stream(request: Parameters<Model['stream']>[0]): ReturnType<Model['stream']> {
    yield { type: 'reply' as const, reply: await this.reply(request) };
  }
}

interface Mark {
  runs: number;
  heapMiB: number;
  rssMiB: number;
}

async function measureRuns(): Promise<Mark[]> {
  const app = await createTestApp({ model: new ToolsModel(), providers: [AssistantAgent] });
  const marks: Mark[] = [];
  let begun = 0;
  for (const runs of RUN_MARKS) {
    const caller = async (): Promise<void> => {
      while (begun < runs) {
        begun++;
        const { reply } = await app.runner.run({ message: 'Use your tools.', agent_role: 'assistant' });
        requireResults(reply);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, caller));
    marks.push(await mark(runs));
  }
  await app.close();
  return marks;
}

async function measureTasks(): Promise<Mark[]> {
  return await within(await embeddedPlace(), async ({ databaseUrl }) => {
    const bench = await TaskBench.open({ databaseUrl });
    const marks: Mark[] = [];
    for (const tasks of TASK_MARKS) {
      await bench.endAll(tasks - (marks.at(-1)?.runs ?? 0), TASKS_AT_ONCE);
      marks.push(await mark(tasks));
    }
    await bench.close();
    return marks;
  });
}

/** @throws Error if the tools did not return the expected results. */
function requireResults(reply: string): void {
  const lines = reply.split('\n');
  const isSound = TOOL_CALLS.every(({ result }, index) => result.test(lines[index] ?? ''));
  if (!isSound || lines.length !== TOOL_CALLS.length) throw new Error(`Wrong results of the tools: ${reply}`);
}

async function mark(runs: number): Promise<Mark> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Start it with --expose-gc.');
  // Collects twice, with a pause: some memory is freed only after the first collection.
  await gc({ execution: 'async', type: 'major' });
  await sleep(SETTLE_MS);
  await gc({ execution: 'async', type: 'major' });
  const { heapUsed, rss } = process.memoryUsage();
  return { runs, heapMiB: heapUsed / MIB, rssMiB: rss / MIB };
}

function report(what: string, unit: string, marks: readonly Mark[]): void {
  const [first = NaN, last = NaN] = marks.map(({ heapMiB }) => heapMiB);
  const growth = (last / first - 1) * 100;
  const isMet = growth < AIM_PERCENT;
  print(`\nmemory: ${what}, after a full collection`);
  print(
    table([
      [unit, 'heap MiB', 'RSS MiB'],
      ...marks.map(({ runs, heapMiB, rssMiB }) => [number(runs), number(heapMiB, 1), number(rssMiB)]),
    ]),
  );
  print(`  heap grown by ${number(growth, 1)} %, aim < ${AIM_PERCENT} %: ${isMet ? 'met' : 'MISSED'}`);
  if (!isMet) process.exitCode = 1;
}

report(`runs with three tools in one process, ${CONCURRENCY} at a time`, 'runs', await measureRuns());
report(`tasks in one process, ${TASKS_AT_ONCE} queued or running`, 'tasks', await measureTasks());
