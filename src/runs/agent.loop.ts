import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../agents/agent.definition.js';
import { InvalidValue } from '../agents/value.schema.js';
import { AgentError } from '../errors/agent.error.js';
import {
  LanguageModel,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelTool,
  type ModelToolCall,
} from '../models/language.model.js';
import { abortable, orAborted } from './abortable.js';
import { guard } from './guard.js';
import type { Run } from './run.js';
import type { RunFact } from './run.events.js';
import { Colleagues, questionOf } from './colleagues.js';
import { ToolInvoker } from './tool.invoker.js';
import { Transcript } from './transcript.js';

const MAX_DEPTH = 3;

/** A run that has all it needs. */
export interface OpenRun {
  readonly run: Run;
  /** Who speaks now: a hand-over changes it. */
  agent: AgentDefinition;
  readonly transcript: Transcript;
  readonly temperature: number;
  /** How many agents stand between the caller and this one. */
  readonly depth: number;
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
    private readonly model: LanguageModel,
    private readonly tools: ToolInvoker,
    private readonly colleagues: Colleagues,
    private readonly limits: TurnLimits,
  ) {}

  /**
   * Tells what happens; the answer comes last.
   *
   * @throws AgentError, or the run's abort reason.
   */
  async *turns(open: OpenRun, isStreamed: boolean): AsyncGenerator<RunFact, ModelReply> {
    const { run, transcript } = open;
    for (let turn = 1; ; turn++) {
      run.signal.throwIfAborted();
      run.countModelCall();
      let reply: ModelReply | undefined;
      const instructions = await instructionsOf(open);
      for await (const event of abortable(this.#ask(open, instructions, isStreamed), run.signal)) {
        if (event.type === 'delta') yield { type: 'message.delta', delta: event.text };
        else reply = event.reply;
      }
      if (reply === undefined) throw new AgentError('model_error');
      transcript.addReply(reply);
      const { toolCalls = [] } = reply;
      const fault = toolCalls.length > 0 ? undefined : await orAborted(faultOf(open.agent, reply), run.signal);
      if (toolCalls.length === 0 && fault === undefined) {
        await guard(open, 'checkOutput', reply.text);
        // The agent that the caller asked for answers for its successor too.
        const isSuccessor = open.depth === 0 && open.agent !== run.agent;
        if (isSuccessor) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
        return reply;
      }
      withinLimits(open.agent, turn, transcript);
      if (fault === undefined) yield* this.#call(open, toolCalls);
      else transcript.askToMend(fault);
    }
  }

  /** A reader of the whole answer is spared the deltas: one JSON answer costs the provider and us less. */
  #ask(
    { run, agent, transcript, temperature }: OpenRun,
    instructions: string,
    isStreamed: boolean,
  ): AsyncIterable<ModelEvent> {
    const request: ModelRequest = {
      model: agent.model,
      instructions,
      messages: transcript.messages,
      tools: [...toolsOf(agent), ...this.colleagues.toolsOf(agent)],
      output: agent.output?.schema,
      temperature,
      maxOutputTokens: this.limits.maxOutputTokens,
    };
    const call = { signal: run.signal, deadlineAt: run.deadlineAt };
    return isStreamed ? this.model.stream(request, call) : whole(this.model.reply(request, call));
  }

  /** Every call gets its result, in the order of the calls: the providers want it so. */
  async *#call(open: OpenRun, calls: readonly ModelToolCall[]): AsyncGenerator<RunFact> {
    const { agent, transcript } = open;
    const ownCalls = calls.filter(({ name }) => this.colleagues.find(agent, name) === undefined);
    const results = new Map((yield* this.tools.invoke(open, ownCalls)).map(({ call, content }) => [call, content]));
    for (const call of calls) {
      const content = results.get(call) ?? (yield* this.#meet(open, call, agent));
      transcript.addResult(call, content);
    }
  }

  /** Hands over to a colleague, or asks it; what the model is told of it comes last. */
  async *#meet(open: OpenRun, call: ModelToolCall, from: AgentDefinition): AsyncGenerator<RunFact, string> {
    const colleague = this.colleagues.find(from, call.name);
    if (colleague === undefined) return 'Error: There is no such tool.';
    if (colleague.isAsked) return yield* this.#askColleague(open, call, colleague.agent);
    if (open.agent !== from) return 'Error: The conversation is handed over to one agent only.';
    await guard({ run: open.run, agent: colleague.agent }, 'checkInput', open.transcript.question);
    open.agent = colleague.agent;
    yield { type: 'handoff', from: from.role, to: colleague.agent.role };
    return `The conversation is now led by ${colleague.agent.role}.`;
  }

  /** The colleague's answer; it hears nothing of the conversation but the question. */
  async *#askColleague(open: OpenRun, call: ModelToolCall, agent: AgentDefinition): AsyncGenerator<RunFact, string> {
    const { run, transcript, depth } = open;
    const head = { call_id: call.callId, tool: call.name };
    const question = questionOf(call);
    if (question === undefined) return 'Error: message must be a text, and not too long.';
    if (depth >= MAX_DEPTH) return 'Error: Too many agents ask one another.';
    await guard({ run, agent }, 'checkInput', question);
    yield { type: 'tool.started', ...head, arguments: { message: question } };
    const asked: OpenRun = { ...open, run, agent, transcript: new Transcript(question), depth: depth + 1 };
    const facts = this.turns(asked, false);
    let step = await facts.next();
    for (; step.done !== true; step = await facts.next()) yield step.value;
    transcript.addUsage(asked.transcript.usage);
    withinTokens(open.agent, transcript);
    yield { type: 'tool.completed', ...head, output: step.value.text };
    return step.value.text;
  }
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

/** What is wrong with the shape of an answer; undefined: nothing. */
async function faultOf({ output }: AgentDefinition, { text }: ModelReply): Promise<string | undefined> {
  if (output === undefined) return undefined;
  try {
    await output.parse(JSON.parse(text));
    return undefined;
  } catch (error) {
    return error instanceof InvalidValue ? error.message : 'It is not JSON.';
  }
}

/** @throws AgentError where another turn would go beyond what the agent may use. */
function withinLimits({ limits }: AgentDefinition, turn: number, { usage }: Transcript): void {
  if (turn >= limits.maxTurns) {
    throw new AgentError('model_error', {
      detail: `The agent did not come to an end within ${limits.maxTurns} turns.`,
    });
  }
  withinTokens({ limits }, { usage });
}

function withinTokens({ limits }: Pick<AgentDefinition, 'limits'>, { usage }: Pick<Transcript, 'usage'>): void {
  if (usage.inputTokens + usage.outputTokens > limits.maxTokens) {
    throw new AgentError('model_error', { detail: `The agent used more than its ${limits.maxTokens} tokens.` });
  }
}

function toolsOf({ tools }: AgentDefinition): ModelTool[] {
  return tools.offered().map(({ name, description, input, isStrict = true }) => ({
    name,
    description,
    parameters: input.schema,
    isStrict,
  }));
}

async function* whole(reply: Promise<ModelReply>): AsyncGenerator<ModelEvent> {
  yield { type: 'reply', reply: await reply };
}
