import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../agents/agent.definition.js';
import { InvalidValue, type ValueSchema } from '../agents/value.schema.js';
import { AgentError } from '../errors/agent.error.js';
import type { ModelEvent, ModelReply, ModelRequest, ModelTool, ModelToolCall } from '../models/language.model.js';
import { abortable, orAborted } from './abortable.js';
import { guard } from './guard.js';
import { MeteredModel } from './metered.model.js';
import type { Run, ShapedReply } from './run.js';
import { Colleagues, questionOf } from './colleagues.js';
import { modelCallOf } from './model.call.js';
import { DEFAULT_TEMPERATURE } from './run.events.js';
import { type NumberedCall, ToolInvoker } from './tool.invoker.js';
import { outageIn } from '../storage/database.away.js';
import { NO_USAGE } from '../usage/token.usage.js';
import { Transcript } from './transcript.js';
import { OPERATION } from '../telemetry/semantic.names.js';
import { inSpan } from '../telemetry/spans.js';
import { agentAttributes } from './agent.attributes.js';

const MAX_DEPTH = 3;

/** A run that has all it needs. */
export interface OpenRun {
  readonly run: Run;
  /** Who speaks now: a hand-over changes it. */
  agent: AgentDefinition;
  /** Who has spoken so far, the first one first. */
  readonly led: AgentDefinition[];
  readonly transcript: Transcript;
  /** As the caller wants it; undefined: as each agent has it. */
  readonly temperature: number | undefined;
  /** The agent that asks this one, and waits. */
  readonly asker?: OpenRun;
  /** Where its turns stand in the journal: '' for the run's own, `2.0/` for those of an agent asked there. */
  readonly path: string;
}

/** What bounds a turn. */
export abstract class TurnLimits {
  /** Tokens of one answer; undefined: the model's own. */
  abstract readonly maxOutputTokens: number | undefined;
}

/** Model and tools by turns, until the model is done. */
@Injectable()
export class AgentLoop {
  constructor(
    private readonly model: MeteredModel,
    private readonly tools: ToolInvoker,
    private readonly colleagues: Colleagues,
    private readonly limits: TurnLimits,
  ) {}

  /**
   * The answer, after as many turns as it takes. What the journal has is not done again.
   *
   * @throws AgentError, or the run's abort reason.
   */
  async answer(open: OpenRun): Promise<ShapedReply> {
    const { run, transcript } = open;
    for (let turn = 1; ; turn++) {
      run.throwIfPaused();
      withinTokens(open);
      run.countModelCall();
      const step = `${open.path}${turn}`;
      const reply = this.#known(open, step) ?? (await this.#turn(open, step));
      transcript.addReply(reply);
      const { toolCalls = [] } = reply;
      const shaped = toolCalls.length > 0 ? {} : await orAborted(shape(open, reply), run.signal);
      if (toolCalls.length === 0 && shaped.fault === undefined) {
        await guard(open, 'checkOutput', reply.text);
        // The agent that the caller asked for answers for its successor too.
        const isSuccessor = open.asker === undefined && open.agent !== run.agent;
        if (isSuccessor) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
        return { ...reply, parsed: shaped.parsed };
      }
      withinTurns(open.agent, turn);
      if (shaped.fault === undefined) await this.#call(open, step, toolCalls);
      else transcript.askToMend(shaped.fault);
    }
  }

  /** What an earlier attempt was answered there. */
  #known({ run, agent }: OpenRun, step: string): ModelReply | undefined {
    const reply = run.journal.turn(step);
    if (reply) run.spending.add(agent.role, reply.model, reply.usage);
    return reply;
  }

  /** Asks the model, and notes its answer as done. */
  async #turn(open: OpenRun, step: string): Promise<ModelReply> {
    const { run } = open;
    let reply: ModelReply | undefined;
    const instructions = await instructionsOf(open);
    for await (const event of abortable(this.#ask(open, instructions), run.signal)) {
      if (event.type === 'delta') run.tell({ type: 'message.delta', delta: event.text });
      else reply = event.reply;
    }
    if (reply === undefined) throw new AgentError('model_error');
    await run.journal.finishTurn(step, reply);
    return reply;
  }

  /** A reader of the whole answer is spared the deltas: one JSON answer costs the provider and us less. */
  #ask(open: OpenRun, instructions: string): AsyncIterable<ModelEvent> {
    const { run, agent, transcript, temperature, asker } = open;
    const output = outputOf(open);
    const request: ModelRequest = {
      model: agent.model,
      instructions,
      messages: transcript.messages,
      tools: [...toolsOf(agent), ...this.colleagues.toolsOf(agent)],
      output: output?.schema,
      isOutputStrict: output?.isStrict ?? true,
      temperature: temperature ?? agent.temperature ?? DEFAULT_TEMPERATURE,
      maxOutputTokens: this.limits.maxOutputTokens,
    };
    const call = modelCallOf(run);
    const isStreamed = run.isStreamed && asker === undefined;
    return isStreamed ? this.model.stream(open, request, call) : whole(this.model.reply(open, request, call));
  }

  /** Every call gets its result, in the order of the calls: the providers want it so. */
  async #call(open: OpenRun, turn: string, calls: readonly ModelToolCall[]): Promise<void> {
    const { agent, transcript } = open;
    const numbered = calls.map((call, index) => ({ call, step: `${turn}.${index}` }));
    const own = numbered.filter(({ call }) => this.colleagues.find(agent, call.name) === undefined);
    const contents = await this.tools.invoke(open, own);
    for (const each of numbered) {
      transcript.addResult(each.call, contents.get(each.step) ?? (await this.#meet(open, each, agent)));
    }
  }

  /** Hands over to a colleague, or asks it; gives what the model is told of it. */
  async #meet(open: OpenRun, numbered: NumberedCall, from: AgentDefinition): Promise<string> {
    const colleague = this.colleagues.find(from, numbered.call.name);
    if (colleague === undefined) return 'Error: There is no such tool.';
    const agent = open.run.team.inRelease(colleague.agent);
    if (colleague.isAsked) return await this.#askColleague(open, numbered, agent);
    if (open.agent !== from) return 'Error: The conversation is handed over to one agent only.';
    return await this.#handOver(open, numbered, agent);
  }

  async #handOver(open: OpenRun, { step }: NumberedCall, successor: AgentDefinition): Promise<string> {
    const { run, agent, led, transcript } = open;
    const content = `The conversation is now led by ${successor.role}.`;
    if (run.journal.tool(step) === undefined) {
      await guard({ run, agent: successor }, 'checkInput', transcript.question);
      await run.journal.finishTool(step, { type: 'handoff', from: agent.role, to: successor.role }, { content });
    }
    led.push(successor);
    open.agent = successor;
    return content;
  }

  /** The colleague's answer; it hears nothing of the conversation but the question. */
  async #askColleague(open: OpenRun, { call, step }: NumberedCall, agent: AgentDefinition): Promise<string> {
    const { run, transcript } = open;
    const head = { call_id: call.callId, tool: call.name };
    const known = run.journal.tool(step);
    if (known?.state === 'finished') {
      transcript.addUsage(known.result.usage ?? NO_USAGE);
      run.spending.add(agent.role, agent.model, known.result.usage ?? NO_USAGE);
      run.calls.note(step, call, known.result);
      return known.result.content;
    }
    const question = questionOf(call);
    if (question === undefined) return 'Error: message must be a text, and not too long.';
    if (depthOf(open) >= MAX_DEPTH) return 'Error: Too many agents ask one another.';
    if (known === undefined) {
      await guard({ run, agent }, 'checkInput', question);
      await run.journal.startTool(step, { type: 'tool.started', ...head, arguments: { message: question } }, 'agent');
    }
    const askedAt = performance.now();
    const asked = new Transcript(question, transcript);
    const attributes = agentAttributes(run, agent, this.model.provider);
    const { text } = await inSpan({ name: `${OPERATION.agent} ${agent.role}`, attributes }, () =>
      this.answer({ ...open, agent, led: [agent], transcript: asked, asker: open, path: `${step}/` }),
    );
    const fact = { type: 'tool.completed', ...head, output: text } as const;
    const result = { content: text, usage: asked.usage, durationMs: Math.round(performance.now() - askedAt) };
    await run.journal.finishTool(step, fact, result);
    run.calls.note(step, call, result);
    return text;
  }
}

function depthOf({ asker }: OpenRun): number {
  return asker === undefined ? 0 : depthOf(asker) + 1;
}

async function instructionsOf({ run, agent }: OpenRun): Promise<string> {
  const { id, context, session, signal } = run;
  const instructions = agent.instructions({
    principal: context.principal,
    runId: id,
    sessionId: session.session_id,
    signal,
  });
  return typeof instructions === 'string' ? instructions : await orAborted(instructions, signal);
}

/** The shape of the answer: the caller's of what it is answered itself, else the agent's. */
function outputOf({ run, agent, asker }: OpenRun): ValueSchema | undefined {
  return asker === undefined ? (run.wishes.output ?? agent.output) : agent.output;
}

/** The value of an answer, or what is wrong with its shape. */
async function shape(
  open: OpenRun,
  { text }: ModelReply,
): Promise<{ readonly parsed?: unknown; readonly fault?: string }> {
  const { signal } = open.run;
  const output = outputOf(open);
  if (output === undefined) return {};
  try {
    return { parsed: await output.parse(JSON.parse(text), signal) };
  } catch (error) {
    // The model can do nothing about a lost database.
    if (error instanceof AgentError || outageIn(error)) throw error;
    signal.throwIfAborted();
    return { fault: error instanceof InvalidValue ? error.message : 'It is not JSON.' };
  }
}

/** @throws AgentError where another turn would be one too many. */
function withinTurns({ limits }: AgentDefinition, turn: number): void {
  if (turn < limits.maxTurns) return;
  throw new AgentError('model_error', {
    detail: `The agent did not come to an end within ${limits.maxTurns} turns.`,
  });
}

/**
 * What an agent may use bounds those too that it has handed over to, and those that it asks.
 *
 * @throws AgentError where no further model call may be made.
 */
function withinTokens({ led, transcript, asker }: OpenRun): void {
  const { inputTokens, outputTokens } = transcript.usage;
  const maxTokens = Math.min(...led.map(({ limits }) => limits.maxTokens));
  if (inputTokens + outputTokens > maxTokens) {
    throw new AgentError('model_error', { detail: `The agent used more than its ${maxTokens} tokens.` });
  }
  if (asker) withinTokens(asker);
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
