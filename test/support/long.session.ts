import { Injectable } from '@nestjs/common';
import { Agent, Database, Guardrail, type ModelCall, type ModelRequest, Tool } from '../../src/index.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../../src/testing/index.js';

export const HISTORY_TOKENS = 400;
export const SESSION = 's';

@Injectable()
class NoPoison extends Guardrail {
  override checkInput({ text }: { text: string }): string | undefined {
    return text.includes('poison') ? 'No poison.' : undefined;
  }
}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', guardrails: [NoPoison] })
class AssistantAgent {
  @Tool({ description: 'Lists' })
  list(): string {
    return 'item '.repeat(1000);
  }
}

@Agent({ role: 'thrifty', description: 'Saves.', instructions: 'Save.', limits: { maxTokens: 800 } })
class ThriftyAgent {}

/** Answers each message; a test can change its reply to a summary request. */
class TalkingModel extends ScriptedModel {
  readonly calls: ModelCall[] = [];
  summarize: (count: number) => string | Promise<string> = (count) => `Summary ${count}`;

  override async reply(request: ModelRequest, call: ModelCall) {
    this.requests.push({ ...request, messages: [...request.messages] });
    this.calls.push(call);
    const calls = lastOf(request).startsWith('list') ? Array.from({ length: 20 }, (_, index) => `call-${index}`) : [];
    const text = isSummary(request) ? await this.summarize(this.summaries.length) : `Yes, ${nameIn(lastOf(request))}.`;
    const toolCalls = calls.map((callId) => ({ callId, name: 'list', arguments: '{}' }));
    return { text, toolCalls, model: 'scripted', usage: { inputTokens: 10, outputTokens: 5 }, isTruncated: false };
  }

  get summaries(): ModelRequest[] {
    return this.requests.filter(isSummary);
  }

  get turns(): ModelRequest[] {
    return this.requests.filter((request) => !isSummary(request));
  }
}

export const isSummary = ({ instructions }: ModelRequest): boolean => instructions.startsWith('You keep the record');
export const lastOf = ({ messages }: ModelRequest): string => messages.at(-1)?.content ?? '';
/** Each message has a name: t0, t1 … */
const nameIn = (text: string): string => /\bt\d+\b/.exec(text)?.[0] ?? '';
export const namesIn = (text: string): string[] => [...new Set(text.match(/\bt\d+\b/g))];
export const messageOf = (index: number): string => `t${index} ${'something to remember '.repeat(8)}`;
export const range = (from: number, end: number): string[] =>
  Array.from({ length: end - from }, (_, index) => `t${from + index}`);

/** The earlier turns that a request shows to the model verbatim. */
export const shownIn = ({ messages }: ModelRequest): string[] =>
  messages.slice(0, -1).flatMap(({ role, content }) => (role === 'user' && nameIn(content) ? [nameIn(content)] : []));

export let app: TestApp;
export let model: TalkingModel;

export async function start(options: Partial<TestAppOptions> = {}): Promise<void> {
  model = new TalkingModel();
  app = await createTestApp({
    model,
    historyTokens: HISTORY_TOKENS,
    summarizeHistory: true,
    providers: [NoPoison, AssistantAgent, ThriftyAgent],
    ...options,
  });
}

export const ask = (message: string, options = {}) => app.runner.run({ message, session_id: SESSION }, options);

/** Sends that many turns and returns the number of summary requests meanwhile. */
export async function talk(from: number, end: number): Promise<number> {
  const before = model.summaries.length;
  for (let index = from; index < end; index++) await ask(messageOf(index));
  return model.summaries.length - before;
}

/** Sends turns until a run requests a summary; returns the number of the next turn. */
export async function talkUntilSummary(): Promise<number> {
  for (let index = 0; index < 50; index++) if ((await talk(index, index + 1)) > 0) return index + 1;
  throw new Error('No run requested a summary.');
}

export const rows = () => app.module.get(Database).query.selectFrom('summaries').selectAll().execute();

export function missing(): never {
  throw new Error('The value is missing.');
}
