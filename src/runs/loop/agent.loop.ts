import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelEvent, ModelReply } from '../../models/language.model.js';
import { WholeCharacters } from '../../models/whole.characters.js';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { guard } from './guard.js';
import { BudgetedModel } from './budgeted.model.js';
import type { ShapedReply } from '../run.js';
import type { AgentExecution } from './agent.execution.js';
import { AgentDelegation, parseQuestion } from './agent.delegation.js';
import { assertTokensLeft, assertTurnsLeft } from './agent.limits.js';
import { AgentStopped, AgentStops } from './agent.stops.js';
import { parseAnswer } from './answer.output.js';
import { createModelCall } from './model-call.factory.js';
import { MAX_ARGUMENT_CHARS, type NumberedCall, recordCall, ToolInvoker } from './tools/tool.invoker.js';
import { NO_USAGE } from '../../usage/token.usage.js';
import { Transcript } from './transcript.js';
import { OPERATION } from '../../telemetry/semantic.names.js';
import { inSpan } from '../../telemetry/spans.js';
import { endWithCalls, plannedCalls } from './caller.calls.js';
import { addReasoning, addTurn, ShownReasoning, shownReasoning } from '../events/turn.facts.js';
import { assertCalled, instructionsOf, turnRequestOf } from './turn.request.js';
import { agentAttributes } from '../tracing/agent.attributes.js';
import { RunsModuleOptions } from '../runs.options.js';

const MAX_DEPTH = 3;

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
      execution.turn = turn;
      run.throwIfPaused();
      this.stops.assertRunning(execution);
      assertTokensLeft(execution);
      run.countModelCall();
      const step = `${execution.stepPrefix}${turn}`;
      const stored = this.#journaledReply(execution, step);
      const reply = stored ?? (await this.#runTurn(execution, step));
      // The events of an inherited turn are those of another run.
      if (!run.journal.isInherited(step)) addTurn(execution, reply, stored !== undefined);
      assertCalled(execution, reply);
      transcript.addReply(reply, { turn, reasoning: shownReasoning(execution, reply.reasoning) });
      const { toolCalls = [] } = reply;
      const calls = plannedCalls(execution, step, reply, this.delegation.toolsOf(execution.agent, run));
      const shaped = toolCalls.length > 0 ? {} : await raceAbort(parseAnswer(execution, reply), run.signal);
      if (toolCalls.length === 0 && shaped.fault === undefined) {
        await guard(execution, 'checkOutput', reply.text);
        // The guardrails of the requested agent also check the answer of its successor.
        const isSuccessor = execution.parent === undefined && execution.agent !== run.agent;
        if (isSuccessor) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
        return { ...reply, parsed: shaped.parsed };
      }
      if (calls.pending.length === 0) assertTurnsLeft(execution.agent, turn);
      if (shaped.fault !== undefined) transcript.requestRepair(shaped.fault);
      else await this.#callTools(execution, calls.own);
      if (calls.pending.length > 0) return await endWithCalls(execution, reply, calls.pending);
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
    const shown = new ShownReasoning(execution);
    for await (const event of iterateUntilAborted(this.#requestReply(execution, instructions), run.signal)) {
      switch (event.type) {
        case 'delta':
          for (const part of event.parts ?? [event.text]) emit(text.add(part));
          break;
        case 'reasoning.delta':
          shown.add(event);
          break;
        case 'reasoning':
          addReasoning(execution, event.reasoning);
          break;
        case 'reply':
          emit(text.end());
          return wellFormed(event.reply);
      }
    }
    throw new AgentError('model_error');
  }

  /** Streams only if a client reads deltas: a single JSON response costs less. */
  #requestReply(execution: AgentExecution, instructions: string): AsyncIterable<ModelEvent> {
    const { run, agent, parent } = execution;
    const request = turnRequestOf(execution, {
      instructions,
      delegates: this.delegation.toolsOf(agent, run),
      maxOutputTokens: this.options.maxOutputTokens,
    });
    const call = createModelCall(run);
    const isStreamed = run.events !== undefined && parent === undefined;
    return isStreamed
      ? this.model.stream(execution, request, call)
      : toSingleEvent(this.model.reply(execution, request, call));
  }

  /** Adds one result per call, in the order of the calls: providers require that. */
  async #callTools(execution: AgentExecution, numbered: readonly NumberedCall[]): Promise<void> {
    const { agent, transcript } = execution;
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
    const { run, agent, handoffChain } = execution;
    const content = `The conversation is now led by ${successor.role}.`;
    if (run.journal.tool(step) === undefined) {
      await guard({ run, agent: successor }, 'checkInput', execution.checkedText);
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
    const childTranscript = new Transcript([{ role: 'user', content: question }], transcript);
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
          settings: undefined,
          checkedText: question,
          turn: 1,
          callCount: 0,
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

async function* toSingleEvent(reply: Promise<ModelReply>): AsyncGenerator<ModelEvent> {
  yield { type: 'reply', reply: await reply };
}
