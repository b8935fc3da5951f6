import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { requireScope } from '../auth/scopes.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import type { Caller } from '../http/caller.decorator.js';
import { StreamLimiter } from '../http/throttling/stream.limiter.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { RunRights } from '../runs/reading/run.rights.js';
import type { RunState } from '../runs/recovery/run.control.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { ClientSocket, OpenStream } from '../http/sockets/client.socket.js';
import type { ChatFrame, ClientFrame, RunStateFrame, SubscribeFrame } from './frames.dto.js';

/** Executes the frames of a socket. */
@Injectable()
export class FrameAnswerer {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly runs: RunsRepository,
    private readonly rights: RunRights,
    private readonly streams: StreamLimiter,
  ) {}

  /** Resolves after the last answer to the frame. @throws AgentError */
  async answer(frame: ClientFrame, caller: Caller, socket: ClientSocket): Promise<void> {
    const { principal } = caller;
    switch (frame.type) {
      case 'chat':
        return await this.#chat(frame, caller, socket);
      case 'subscribe':
        return await this.#subscribe(frame, principal, socket);
      case 'cancel':
        await this.rights.assertReachable(frame.run_id, principal);
        return socket.send(stateFrame(frame.id, await this.runner.cancel(frame.run_id, principal)));
      case 'approve': {
        this.rights.assertDecides(principal);
        const { id, run_id, approval_id, decision, reason } = frame;
        const key = { runId: run_id, approvalId: approval_id };
        const state = await this.runner.decide(key, { decision, reason }, principal, caller.requestId);
        return socket.send(stateFrame(id, state));
      }
    }
  }

  async #chat({ id, request }: ChatFrame, caller: Caller, socket: ClientSocket): Promise<void> {
    const { signal } = socket;
    await this.#stream(id, caller.principal, socket, async () => {
      const { events } = await this.runner.begin(request, { ...caller, signal });
      return events;
    });
  }

  async #subscribe(frame: SubscribeFrame, principal: Principal, socket: ClientSocket): Promise<void> {
    const { id, run_id, task_id, after } = frame;
    const runId = run_id ?? task_id;
    if (runId === undefined || (run_id !== undefined && task_id !== undefined)) {
      throw invalidField('run_id', 'Send either run_id or task_id.');
    }
    const { signal } = socket;
    const hasMore = await this.#stream(id, principal, socket, async () => {
      if (task_id === undefined) await this.rights.assertReachable(runId, principal);
      else await this.#findTask(task_id, principal);
      return await this.runner.follow(runId, { principal, after, signal });
    });
    if (!hasMore) socket.send(stateFrame(id, await this.#stateOf(runId, principal)));
  }

  /** Counts the stream until it ends. */
  async #stream(id: string, principal: Principal, socket: ClientSocket, open: OpenStream): Promise<boolean> {
    const close = this.streams.open(principal);
    try {
      return await socket.stream(id, open);
    } finally {
      close();
    }
  }

  async #findTask(taskId: string, principal: Principal): Promise<void> {
    requireScope(principal, 'tasks');
    const row = await this.runs.find(taskId, principal);
    if (row?.kind === 'task') return;
    throw new AgentError('task_not_found', { detail: `Task "${taskId}" does not exist.` });
  }

  async #stateOf(runId: string, principal: Principal): Promise<RunState> {
    const row = await this.runs.find(runId, principal);
    if (row === undefined) throw new AgentError('run_not_found');
    return { run_id: runId, status: row.status };
  }
}

function stateFrame(id: string, { run_id, status }: RunState): RunStateFrame {
  return { type: 'run.state', id, run_id, status };
}
