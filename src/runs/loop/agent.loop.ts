import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelEvent, ModelReply, ModelRequest, ModelTool } from '../../models/language.model.js';
import { WholeCharacters } from '../../models/whole.characters.js';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { guard } from './guard.js';
import { BudgetedModel } from './budgeted.model.js';
import type { ActiveAgent, ShapedReply } from '../run.js';
import { AgentDelegation, parseQuestion } from './agent.delegation.js';
import { assertTokensLeft, assertTurnsLeft } from './agent.limits.js';
import { AgentStopped, AgentStops } from './agent.stops.js';
import { outputOf, parseAnswer } from './answer.output.js';
import { createModelCall } from './model-call.factory.js';
import { DEFAULT_TEMPERATURE } from '../events/run.events.js';
import { MAX_ARGUMENT_CHARS, type NumberedCall, recordCall, ToolInvoker } from './tools/tool.invoker.js';
import { NO_USAGE } from '../../usage/token.usage.js';
import { Transcript } from './transcript.js';
import { OPERATION } from '../../telemetry/semantic.names.js';
import { inSpan } from '../../telemetry/spans.js';
import { agentAttributes } from '../tracing/agent.attributes.js';
import { RunsModuleOptions } from '../runs.options.js';

const MAX_DEPTH = 3;
const CUT_CALL =
  'The answer was cut at its output limit, so the calls in it may be incomplete. They were not made. Be briefer.';
const INEXACT_CALL =
  'The arguments have an integer that cannot be read exactly. The call was not made. Send the integer as a string.';

/** A run that is ready to execute, with the agent that works on it. */
export interface AgentExecution extends ActiveAgent {
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
    private readonly stops: AgentStops,
  ) {}

  /**
   * Returns the final answer. Steps that the journal already has are not repeated.
   *
   * @throws AgentError, or the run's abort reason.
   */
  async answer(execution: AgentExecution): Promise<ShapedReply> {
    const { run, transcript } = execution;
    for (let turn = 1; ; turn++) {
      run.throwIfPaused();
      this.stops.assertRunning(execution);
      assertTokensLeft(execution);
      run.countModelCall();
      const step = `${execution.stepPrefix}${turn}`;
      const reply = this.#journaledReply(execution, step) ?? (await this.#runTurn(execution, step));
      transcript.addReply(reply);
      const { toolCalls = [] } = reply;
      const shaped = toolCalls.length > 0 ? {} : await raceAbort(parseAnswer(execution, reply), run.signal);
      if (toolCalls.length === 0 && shaped.fault === undefined) {
        await guard(execution, 'checkOutput', reply.text);
        // The guardrails of the requested agent also check the answer of its successor.
        const isSuccessor = execution.parent === undefined && execution.agent !== run.agent;
        if (isSuccessor) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
        return { ...reply, parsed: shaped.parsed };
      }
      assertTurnsLeft(execution.agent, turn);
      if (shaped.fault === undefined) await this.#callTools(execution, step, reply);
      else transcript.requestRepair(shaped.fault);
    }
  }

  /** The reply that an earlier attempt stored for this step. */
  #journaledReply({ run, agent }: AgentExecution, step: string): ModelReply | undefined {
    const reply = run.journal.turn(step);
    if (reply && !run.journal.isInherited(step)) run.spending.add(agent.role, reply.model, reply.usage);
    return reply;
  }

  /** Calls the model and records its reply in the journal. */
  async #runTurn(execution: AgentExecution, step: string): Promise<ModelReply> {
    const instructions = await instructionsOf(execution);
    const text = new WholeCharacters();
    execution.run.journal.timeline.startTurn(step, execution.agent.model);
    const reply = await this.#readReply(execution, instructions, text).catch((failure: unknown) => {
      const canBeShortened = isTooLong(failure) && text.isEmpty && execution.transcript.shorten();
      if (!canBeShortened) throw failure;
      execution.run.countModelCall();
      return this.#readReply(execution, instructions, text);
    });
    await execution.run.journal.finishTurn(step, reply);
    return reply;
  }

  /** Calls the model and emits its text. */
  async #readReply(execution: AgentExecution, instructions: string, text: WholeCharacters): Promise<ModelReply> {
    const { run } = execution;
    const emit = (delta: string): void => {
      if (delta !== '') run.emit({ type: 'message.delta', delta });
    };
    for await (const event of iterateUntilAborted(this.#requestReply(execution, instructions), run.signal)) {
      if (event.type === 'delta') for (const part of event.parts ?? [event.text]) emit(text.add(part));
      else {
        emit(text.end());
        return wellFormed(event.reply);
      }
    }
    throw new AgentError('model_error');
  }

  /** Streams only if a client reads deltas: a single JSON response costs less. */
  #requestReply(execution: AgentExecution, instructions: string): AsyncIterable<ModelEvent> {
    const { run, agent, transcript, temperature, parent } = execution;
    const output = outputOf(execution);
    const request: ModelRequest = {
      model: agent.model,
      instructions,
      messages: transcript.messages,
      tools: [...toolsOf(agent), ...this.delegation.toolsOf(agent, run)],
      output: output?.schema,
      isOutputStrict: output?.isStrict ?? true,
      temperature: temperature ?? agent.temperature ?? DEFAULT_TEMPERATURE,
      maxOutputTokens: this.options.maxOutputTokens,
    };
    const call = createModelCall(run);
    const isStreamed = run.events !== undefined && parent === undefined;
    return isStreamed
      ? this.model.stream(execution, request, call)
      : toSingleEvent(this.model.reply(execution, request, call));
  }

  /** Adds one result per call, in the order of the calls: providers require that. */
  async #callTools(
    execution: AgentExecution,
    turn: string,
    { toolCalls = [], isTruncated }: ModelReply,
  ): Promise<void> {
    const { agent, transcript } = execution;
    const numbered = toolCalls.map((call, index) => {
      const refusal = isTruncated ? CUT_CALL : call.isInexact === true ? INEXACT_CALL : undefined;
      return { call, step: `${turn}.${index}`, refusal };
    });
    const own = numbered.filter(
      ({ call, refusal }) => refusal !== undefined || this.delegation.find(agent, call.name) === undefined,
    );
    const contents = await this.tools.invoke(execution, own);
    for (const each of numbered) {
      transcript.addResult(each.call, contents.get(each.step) ?? (await this.#delegate(execution, each, agent)));
    }
  }

  /** Hands over to another agent or asks it. Returns the tool result for the model. */
  async #delegate(execution: AgentExecution, numbered: NumberedCall, from: AgentDefinition): Promise<string> {
    const delegate = this.delegation.find(from, numbered.call.name);
    if (delegate === undefined) return 'Error: This tool does not exist.';
    const agent = execution.run.releases.withRelease(delegate.agent);
    const refused = await this.stops.refuseDelegation(execution.run, numbered, { ...delegate, agent });
    if (refused !== undefined) return refused;
    switch (delegate.kind) {
      case 'agent_tool':
        return await this.#callAgent(execution, numbered, agent);
      case 'handoff':
        if (execution.agent !== from) return 'Error: Only one handoff per turn is possible.';
        return await this.#handOff(execution, numbered, agent);
    }
  }

  async #handOff(execution: AgentExecution, { step }: NumberedCall, successor: AgentDefinition): Promise<string> {
    const { run, agent, handoffChain, transcript } = execution;
    const content = `The conversation is now led by ${successor.role}.`;
    if (run.journal.tool(step) === undefined) {
      await guard({ run, agent: successor }, 'checkInput', transcript.question);
      await run.journal.finishTool(step, { type: 'handoff', from: agent.role, to: successor.role }, { content });
    }
    handoffChain.push(successor);
    execution.agent = successor;
    return content;
  }

  /** Returns the other agent's answer. That agent sees the question, not the conversation. */
  async #callAgent(execution: AgentExecution, { call, step }: NumberedCall, agent: AgentDefinition): Promise<string> {
    const { run, transcript } = execution;
    const head = { call_id: call.callId, tool: call.name };
    const previous = run.journal.tool(step);
    if (previous?.state === 'finished') {
      transcript.addUsage(previous.result.usage ?? NO_USAGE);
      if (!run.journal.isInherited(step)) {
        run.spending.add(agent.role, this.model.targetOf(agent.model).model, previous.result.usage ?? NO_USAGE);
      }
      return recordCall({ run, call, step }, previous.result);
    }
    const question = parseQuestion(call);
    if (question === undefined)
      return `Error: message must be a non-empty string, within ${MAX_ARGUMENT_CHARS} characters.`;
    if (depthOf(execution) >= MAX_DEPTH) return `Error: Agents can ask one another at most ${MAX_DEPTH} levels deep.`;
    if (previous === undefined) {
      await guard({ run, agent }, 'checkInput', question);
      await run.journal.startTool(step, { type: 'tool.started', ...head, arguments: { message: question } }, 'agent');
    }
    const startedAt = performance.now();
    const childTranscript = new Transcript(question, transcript);
    const attributes = agentAttributes(run, agent, this.model.targetOf(agent.model));
    let text;
    try {
      ({ text } = await inSpan({ name: `${OPERATION.agent} ${agent.role}`, attributes }, () =>
        this.answer({
          ...execution,
          agent,
          handoffChain: [agent],
          transcript: childTranscript,
          parent: execution,
          stepPrefix: `${step}/`,
        }),
      ));
    } catch (failure) {
      if (!(failure instanceof AgentStopped)) throw failure;
      return await this.stops.recordRefusal(run, { call, step }, failure.message, childTranscript.usage);
    }
    const event = { type: 'tool.completed', ...head, output: text } as const;
    const result = {
      content: text,
      usage: childTranscript.usage,
      durationMs: Math.round(performance.now() - startedAt),
    };
    await run.journal.finishTool(step, event, result);
    return recordCall({ run, call, step }, result);
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

function isTooLong(failure: unknown): boolean {
  return failure instanceof AgentError && failure.code === 'context_length_exceeded';
}

/** Half a character can be neither stored nor sent. */
function wellFormed(reply: ModelReply): ModelReply {
  const toolCalls = reply.toolCalls?.map(({ callId, name, arguments: text, ...rest }) => ({
    ...rest,
    callId: callId.toWellFormed(),
    name: name.toWellFormed(),
    arguments: text.toWellFormed(),
  }));
  return { ...reply, text: reply.text.toWellFormed(), ...(toolCalls ? { toolCalls } : {}) };
}

function toolsOf({ tools }: AgentDefinition): ModelTool[] {
  return tools.offered().map(({ name, description, input }) => ({
    name,
    description,
    parameters: input.schema,
    isStrict: input.isStrict,
  }));
}

async function* toSingleEvent(reply: Promise<ModelReply>): AsyncGenerator<ModelEvent> {
  yield { type: 'reply', reply: await reply };
}
