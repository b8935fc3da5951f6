import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import type { RunOptions, RunStream } from '../../runs/agent-runner.types.js';
import { RunEnds } from '../run.ends.js';
import { toRunRequest } from '../request/agent.call.js';
import { CompletionChunks } from './completion.chunks.js';
import { completionOf } from './completion.object.js';
import type { CompletionRequest } from './completions.reader.js';

/** Answers and streams share idempotency keys: one can repeat the other. */
const KEY_SPACE = 'openai.chat';

/** The caller of a completion. */
type CompletionCaller = RunOptions & { readonly principal: Principal };

/** Creates chat completions from runs. */
@Injectable()
export class CompletionsService {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly ends: RunEnds,
  ) {}

  /** Waits for the whole completion. @throws AgentError if the run fails. */
  async create({ call }: CompletionRequest, caller: CompletionCaller) {
    let isReplayed = false;
    const outcome = await this.runner.complete(toRunRequest(call), { ...caller, keySpace: KEY_SPACE }, (isRepeat) => {
      isReplayed = isRepeat;
    });
    return { completion: completionOf(outcome, call.agent_role), isReplayed };
  }

  /** Returns the server-sent events of a completion. @throws AgentError if the run is refused. */
  async stream({ call, hasUsage }: CompletionRequest, caller: CompletionCaller) {
    // Only a repeat with the key can rejoin the stream.
    const unread = caller.idempotencyKey === undefined ? 'cancel' : undefined;
    const started = await this.runner.begin(toRunRequest(call), { ...caller, keySpace: KEY_SPACE }, unread);
    const isHeld = call.settings.output_schema !== undefined;
    const chunks = new CompletionChunks(started.runId, call.agent_role, { hasUsage, isHeld });
    return { texts: this.#texts(chunks, started, caller.principal), isReplayed: started.isReplayed };
  }

  async *#texts(
    chunks: CompletionChunks,
    { events, completion }: RunStream,
    principal: Principal,
  ): AsyncGenerator<string> {
    let ready = chunks.start();
    for await (const batch of events ?? []) {
      const text = ready + batch.map((event) => chunks.next(event)).join('');
      ready = '';
      const last = batch.at(-1);
      if (last?.isFinal === true) {
        yield text + chunks.end(await this.ends.of(last, principal, completion));
        return;
      }
      if (text !== '') yield text;
    }
    yield ready + chunks.end(this.ends.interrupted());
  }
}
