import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { InvalidValue, type ValueSchema } from '../../agents/schemas/value.schema.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelEvent, ModelReply, ModelRequest, ModelTool, ModelToolCall } from '../../models/language.model.js';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { guard } from './guard.js';
import { BudgetedModel } from './budgeted.model.js';
import type { Run, ShapedReply } from '../run.js';
import { AgentDelegation, parseQuestion } from './agent.delegation.js';
import { modelCallOf } from './model.call.js';
import { DEFAULT_TEMPERATURE } from '../events/run.events.js';
import { MAX_ARGUMENT_CHARS, type NumberedCall, ToolInvoker } from './tool.invoker.js';
import { outageIn } from '../../storage/database.unavailable.js';
import { NO_USAGE } from '../../usage/token.usage.js';
import { Transcript } from './transcript.js';
import { OPERATION } from '../../telemetry/semantic.names.js';
import { inSpan } from '../../telemetry/spans.js';
import { agentAttributes } from '../tracing/agent.attributes.js';
import { RunsModuleOptions } from '../runs.options.js';

const MAX_DEPTH = 3;

/** A run that is ready to execute, with the agent that works on it. */
export interface AgentExecution {
  readonly run: Run;
  /** The agent that speaks now; a handoff changes it. */
  agent: AgentDefinition;
  /** The agents that have led the conversation, oldest first. */
  readonly handoffChain: AgentDefinition[];
  readonly transcript: Transcript;
  /** Set by the caller; undefined: each agent's own. */
  readonly temperature: number | undefined;
  /** The parent agent, which waits for the answer of this one. */
  readonly parent?: AgentExecution;
  /** Prefix of its turns in the journal: '' for the run's own, `2.0/` for an agent asked at step `2.0`. */
  readonly stepPrefix: string;
}

/** Alternates between model and tools until the model has finished. */
@Injectable()
export class AgentLoop {
  constructor(
    private readonly model: BudgetedModel,
    private readonly tools: ToolInvoker,
    private readonly delegation: AgentDelegation,
    private readonly options: RunsModuleOptions,
  ) {}

  /**
   * Returns the final answer. Steps that the journal already has are not repeated.
   *
   * @throws AgentError, or the run's abort reason.
   */
  async answer(open: AgentExecution): Promise<ShapedReply> {
    const { run, transcript } = open;
    for (let turn = 1; ; turn++) {
      run.throwIfPaused();
      withinTokens(open);
      run.countModelCall();
      const step = `${open.stepPrefix}${turn}`;
      const reply = this.#known(open, step) ?? (await this.#turn(open, step));
      transcript.addReply(reply);
      const { toolCalls = [] } = reply;
      const shaped = toolCalls.length > 0 ? {} : await raceAbort(shape(open, reply), run.signal);
      if (toolCalls.length === 0 && shaped.fault === undefined) {
        await guard(open, 'checkOutput', reply.text);
        // The guardrails of the requested agent also check the answer of its successor.
        const isSuccessor = open.parent === undefined && open.agent !== run.agent;
        if (isSuccessor) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
        return { ...reply, parsed: shaped.parsed };
      }
      withinTurns(open.agent, turn);
      if (shaped.fault === undefined) await this.#call(open, step, toolCalls);
      else transcript.requestRepair(shaped.fault);
    }
  }

  /** The reply that an earlier attempt stored for this step. */
  #known({ run, agent }: AgentExecution, step: string): ModelReply | undefined {
    const reply = run.journal.turn(step);
    if (reply) run.spending.add(agent.role, reply.model, reply.usage);
    return reply;
  }

  /** Calls the model and records its reply in the journal. */
  async #turn(open: AgentExecution, step: string): Promise<ModelReply> {
    const { run } = open;
    let reply: ModelReply | undefined;
    const instructions = await instructionsOf(open);
    for await (const event of iterateUntilAborted(this.#ask(open, instructions), run.signal)) {
      if (event.type === 'delta') run.tell({ type: 'message.delta', delta: event.text });
      else reply = event.reply;
    }
    if (reply === undefined) throw new AgentError('model_error');
    await run.journal.finishTurn(step, reply);
    return reply;
  }

  /** Streams only if a client reads deltas: a single JSON response costs less. */
  #ask(open: AgentExecution, instructions: string): AsyncIterable<ModelEvent> {
    const { run, agent, transcript, temperature, parent } = open;
    const output = outputOf(open);
    const request: ModelRequest = {
      model: agent.model,
      instructions,
      messages: transcript.messages,
      tools: [...toolsOf(agent), ...this.delegation.toolsOf(agent)],
      output: output?.schema,
      isOutputStrict: output?.isStrict ?? true,
      temperature: temperature ?? agent.temperature ?? DEFAULT_TEMPERATURE,
      maxOutputTokens: this.options.maxOutputTokens,
    };
    const call = modelCallOf(run);
    const isStreamed = run.isStreamed && parent === undefined;
    return isStreamed ? this.model.stream(open, request, call) : whole(this.model.reply(open, request, call));
  }

  /** Adds one result per call, in the order of the calls: providers require that. */
  async #call(open: AgentExecution, turn: string, calls: readonly ModelToolCall[]): Promise<void> {
    const { agent, transcript } = open;
    const numbered = calls.map((call, index) => ({ call, step: `${turn}.${index}` }));
    const own = numbered.filter(({ call }) => this.delegation.find(agent, call.name) === undefined);
    const contents = await this.tools.invoke(open, own);
    for (const each of numbered) {
      transcript.addResult(each.call, contents.get(each.step) ?? (await this.#meet(open, each, agent)));
    }
  }

  /** Hands over to another agent or asks it. Returns the tool result for the model. */
  async #meet(open: AgentExecution, numbered: NumberedCall, from: AgentDefinition): Promise<string> {
    const delegate = this.delegation.find(from, numbered.call.name);
    if (delegate === undefined) return 'Error: This tool does not exist.';
    const agent = open.run.team.withRelease(delegate.agent);
    if (delegate.isAsked) return await this.#askAgent(open, numbered, agent);
    if (open.agent !== from) return 'Error: Only one handoff per turn is possible.';
    return await this.#handOver(open, numbered, agent);
  }

  async #handOver(open: AgentExecution, { step }: NumberedCall, successor: AgentDefinition): Promise<string> {
    const { run, agent, handoffChain, transcript } = open;
    const content = `The conversation is now led by ${successor.role}.`;
    if (run.journal.tool(step) === undefined) {
      await guard({ run, agent: successor }, 'checkInput', transcript.question);
      await run.journal.finishTool(step, { type: 'handoff', from: agent.role, to: successor.role }, { content });
    }
    handoffChain.push(successor);
    open.agent = successor;
    return content;
  }

  /** Returns the other agent's answer. That agent sees the question, not the conversation. */
  async #askAgent(open: AgentExecution, { call, step }: NumberedCall, agent: AgentDefinition): Promise<string> {
    const { run, transcript } = open;
    const head = { call_id: call.callId, tool: call.name };
    const known = run.journal.tool(step);
    if (known?.state === 'finished') {
      transcript.addUsage(known.result.usage ?? NO_USAGE);
      run.spending.add(agent.role, agent.model, known.result.usage ?? NO_USAGE);
      run.calls.note(step, call, known.result);
      return known.result.content;
    }
    const question = parseQuestion(call);
    if (question === undefined)
      return `Error: message must be a non-empty string, within ${MAX_ARGUMENT_CHARS} characters.`;
    if (depthOf(open) >= MAX_DEPTH) return `Error: Agents can ask one another at most ${MAX_DEPTH} levels deep.`;
    if (known === undefined) {
      await guard({ run, agent }, 'checkInput', question);
      await run.journal.startTool(step, { type: 'tool.started', ...head, arguments: { message: question } }, 'agent');
    }
    const askedAt = performance.now();
    const asked = new Transcript(question, transcript);
    const attributes = agentAttributes(run, agent, this.model.provider);
    const { text } = await inSpan({ name: `${OPERATION.agent} ${agent.role}`, attributes }, () =>
      this.answer({ ...open, agent, handoffChain: [agent], transcript: asked, parent: open, stepPrefix: `${step}/` }),
    );
    const fact = { type: 'tool.completed', ...head, output: text } as const;
    const result = { content: text, usage: asked.usage, durationMs: Math.round(performance.now() - askedAt) };
    await run.journal.finishTool(step, fact, result);
    run.calls.note(step, call, result);
    return text;
  }
}

function depthOf({ parent }: AgentExecution): number {
  return parent === undefined ? 0 : depthOf(parent) + 1;
}

async function instructionsOf({ run, agent }: AgentExecution): Promise<string> {
  const { id, context, session, signal } = run;
  const instructions = agent.instructions({
    principal: context.principal,
    runId: id,
    sessionId: session.session_id,
    signal,
  });
  return typeof instructions === 'string' ? instructions : await raceAbort(instructions, signal);
}

/** The output schema: the caller's for the run's own answer, else the agent's. */
function outputOf({ run, agent, parent }: AgentExecution): ValueSchema | undefined {
  return parent === undefined ? (run.outputOptions.output ?? agent.output) : agent.output;
}

/** Parses the answer. Returns its value, or why it does not match the output schema. */
async function shape(
  open: AgentExecution,
  { text }: ModelReply,
): Promise<{ readonly parsed?: unknown; readonly fault?: string }> {
  const { signal } = open.run;
  const output = outputOf(open);
  if (output === undefined) return {};
  try {
    return { parsed: await output.parse(JSON.parse(text), signal) };
  } catch (error) {
    // The model cannot repair a lost database.
    if (error instanceof AgentError || outageIn(error)) throw error;
    signal.throwIfAborted();
    return { fault: error instanceof InvalidValue ? error.message : 'It is not valid JSON.' };
  }
}

/** @throws AgentError if the agent has used its last turn. */
function withinTurns({ limits }: AgentDefinition, turn: number): void {
  if (turn < limits.maxTurns) return;
  throw new AgentError('model_error', {
    detail: `The agent did not finish within ${limits.maxTurns} turns.`,
  });
}

/**
 * The token limit of an agent also covers its successors and the agents that it asks.
 *
 * @throws AgentError if a limit is exceeded.
 */
function withinTokens({ handoffChain, transcript, parent }: AgentExecution): void {
  const { inputTokens, outputTokens } = transcript.usage;
  const maxTokens = Math.min(...handoffChain.map(({ limits }) => limits.maxTokens));
  if (inputTokens + outputTokens > maxTokens) {
    throw new AgentError('model_error', { detail: `The agent used more than its limit of ${maxTokens} tokens.` });
  }
  if (parent) withinTokens(parent);
}

function toolsOf({ tools }: AgentDefinition): ModelTool[] {
  return tools.offered().map(({ name, description, input }) => ({
    name,
    description,
    parameters: input.schema,
    isStrict: input.isStrict,
  }));
}

async function* whole(reply: Promise<ModelReply>): AsyncGenerator<ModelEvent> {
  yield { type: 'reply', reply: await reply };
}
