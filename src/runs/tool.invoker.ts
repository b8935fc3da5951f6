import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { AgentDefinition, ToolDefinition } from '../agents/agent.definition.js';
import { ToolError } from '../agents/tool.error.js';
import { InvalidValue } from '../agents/value.schema.js';
import { AgentError } from '../errors/agent.error.js';
import type { ModelToolCall } from '../models/language.model.js';
import { orAborted } from './abortable.js';
import type { Run } from './run.js';
import type { RunFact } from './run.events.js';

const MAX_PARALLEL = 8;
/** Calls of one turn; what goes beyond is refused. */
const MAX_CALLS = 32;
export const MAX_ARGUMENT_CHARS = 64 * 1024;
const MAX_OUTPUT_CHARS = 64 * 1024;

/** What the model is told of a call. */
export interface ToolResult {
  readonly call: ModelToolCall;
  readonly content: string;
}

type Tell = (fact: RunFact) => void;

/** The agent that calls, in its run. */
interface Caller {
  readonly run: Run;
  readonly agent: AgentDefinition;
}

interface Asked extends Caller {
  readonly call: ModelToolCall;
  /** One too many for its turn. */
  readonly isBeyond: boolean;
}

/** Calls the tools that a model asks for. Nothing that the model sends, and nothing that a tool does, ends the run. */
@Injectable()
export class ToolInvoker {
  readonly #logger = new Logger(ToolInvoker.name);

  /**
   * Makes the calls of one turn, several at once, and tells of each as it begins and ends. The results come
   * last, in the order of the calls.
   *
   * @throws the run's abort reason.
   */
  async *invoke(
    { run, agent }: Caller,
    calls: readonly ModelToolCall[],
  ): AsyncGenerator<RunFact, readonly ToolResult[]> {
    const facts = new PassThrough({ objectMode: true });
    const tell: Tell = (fact) => void facts.write(fact);
    const results = inParallel(calls, MAX_PARALLEL, (call, index) =>
      this.#result({ run, agent, call, isBeyond: index >= MAX_CALLS }, tell),
    );
    void results.then(
      () => facts.end(),
      (error: Error) => facts.destroy(error),
    );
    for await (const fact of facts) yield fact;
    return await results;
  }

  async #result({ run, agent, call, isBeyond }: Asked, tell: Tell): Promise<ToolResult> {
    const head = { type: 'tool.completed', call_id: call.callId, tool: call.name } as const;
    try {
      if (isBeyond) throw new ToolError(`At most ${MAX_CALLS} tools can be called at once.`);
      const tool = toolOf(agent, call.name);
      const input = await orAborted(inputOf(tool, call), run.signal);
      if (tool.needsApproval) await this.#approve(run, tool, input, tell);
      tell({ type: 'tool.started', call_id: call.callId, tool: call.name, arguments: input });
      const output = textOf(await this.#call(run, tool, call, input));
      tell({ ...head, output });
      return { call, content: output };
    } catch (failure) {
      run.signal.throwIfAborted();
      if (failure instanceof AgentError && failure.code === 'approval_required') throw failure;
      const error = this.#told(run, call, failure);
      tell({ ...head, error });
      return { call, content: `Error: ${error}` };
    }
  }

  /**
   * Waits for the decision, as long as the run may last.
   *
   * @throws ToolError where it is rejected, AgentError `approval_required` where nobody hears that it is wanted.
   */
  async #approve(
    { context, approvals, signal }: Run,
    { name }: ToolDefinition,
    input: unknown,
    tell: Tell,
  ): Promise<void> {
    if (!context.canWait) throw new AgentError('approval_required');
    const { id, decision } = approvals.ask();
    tell({ type: 'approval.required', approval_id: id, tool: name, arguments: input });
    const { decision: verdict, reason } = await orAborted(decision, signal);
    if (verdict !== 'approve') throw new ToolError(`The call was rejected. ${reason ?? ''}`.trim());
  }

  /** The call, ended by its own deadline or with the run, whether the tool listens to the signal or not. */
  async #call(run: Run, tool: ToolDefinition, { callId }: ModelToolCall, input: unknown): Promise<unknown> {
    run.signal.throwIfAborted();
    const controller = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => end(run.signal.reason);
    run.signal.addEventListener('abort', onAbort, { once: true });
    // Not AbortSignal.timeout, which would keep what the call has held until its time is over.
    const timer = setTimeout(
      () => end(new ToolError(`${tool.name} took longer than ${tool.timeoutMs} ms.`)),
      tool.timeoutMs,
    );
    const context = {
      signal: controller.signal,
      principal: run.context.principal,
      runId: run.id,
      sessionId: run.session.session_id,
      callId,
      idempotencyKey: `${run.id}:${callId}`,
    };
    try {
      return await Promise.race([tool.call(input, context), ended]);
    } finally {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', onAbort);
    }
  }

  /** What the model is told of a failure. What the tool itself threw stays in the log. */
  #told(run: Run, call: ModelToolCall, failure: unknown): string {
    if (failure instanceof ToolError || failure instanceof InvalidValue)
      return failure.message.slice(0, MAX_OUTPUT_CHARS);
    const cause = failure instanceof AgentError ? failure.code : failure;
    this.#logger.warn({ run_id: run.id, tool: call.name, call_id: call.callId, cause, msg: 'a tool failed' });
    return `${call.name} failed.`;
  }
}

function toolOf(agent: AgentDefinition, name: string): ToolDefinition {
  const tool = agent.tools.get(name);
  if (tool) return tool;
  throw new ToolError(`There is no tool "${name.slice(0, 64)}". There are: ${[...agent.tools.keys()].join(', ')}.`);
}

async function inputOf(tool: ToolDefinition, { arguments: text }: ModelToolCall): Promise<unknown> {
  if (text.length > MAX_ARGUMENT_CHARS) throw new ToolError(`The arguments are longer than ${MAX_ARGUMENT_CHARS}.`);
  return await tool.input.parse(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ToolError('The arguments are not JSON.');
  }
}

function textOf(output: unknown): string {
  const text = typeof output === 'string' ? output : (JSON.stringify(output) ?? 'done');
  if (text.length <= MAX_OUTPUT_CHARS) return text;
  return `${text.slice(0, MAX_OUTPUT_CHARS)}\n[cut: ${text.length - MAX_OUTPUT_CHARS} more characters]`;
}

async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
