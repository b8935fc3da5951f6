import { isAgentResponse, isChatResponse, isRoles, isRunEvent, isRunEventV2, isUsageReport } from './answers.js';
import type {
  AgentRequest,
  AgentResponse,
  ChatRequestV2,
  ChatResponseV2,
  Role,
  RunEvent,
  RunEventV2,
  TaskResponse,
  UsageQuery,
  UsageReport,
} from './api.names.js';
import { part, reading, starting } from './calls.js';
import type { CallOptions, RookeryClientOptions, StartOptions } from './client.options.js';
import { follow, type Streamed } from './event.follower.js';
import { RunsClient } from './runs.client.js';
import { SessionsClient } from './sessions.client.js';
import { TasksClient, type WaitOptions } from './tasks.client.js';
import { Transport } from './transport.js';

const V1 = '/api/v1/agent';
const V2 = '/api/v2/agent';
const EVENTS = { Accept: 'text/event-stream' } as const;

/**
 * A client of the service, for Node and browsers alike.
 *
 * @example
 * const client = new RookeryClient({ baseUrl: 'http://127.0.0.1:8000' });
 * const { reply } = await client.chat({ message: 'Hello' });
 */
export class RookeryClient {
  readonly runs: RunsClient;
  readonly sessions: SessionsClient;
  readonly tasks: TasksClient;
  readonly #transport: Transport;

  constructor(options: RookeryClientOptions) {
    this.#transport = new Transport(options);
    this.runs = new RunsClient(this.#transport);
    this.sessions = new SessionsClient(this.#transport);
    this.tasks = new TasksClient(this.#transport);
  }

  /** Runs an agent and waits for its answer. A retry never runs it twice. */
  chat(request: AgentRequest, options: StartOptions = {}): Promise<AgentResponse> {
    return this.#transport.json(starting(`${V1}/chat`, request, options), isAgentResponse);
  }

  /**
   * Runs an agent and yields its events. If the connection breaks, it reconnects after the last event. If you leave the
   * loop, the service cancels the run after its `STREAM_GRACE_SECONDS`; `runs.cancel` cancels it at once.
   */
  stream(request: AgentRequest, options: StartOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    return follow(this.#transport, {
      isEvent: isRunEvent,
      ...this.#calls(V1, starting(`${V1}/chat/stream`, request, options)),
    });
  }

  /** Same as `chat`, in version 2. */
  chatV2(request: ChatRequestV2, options: StartOptions = {}): Promise<ChatResponseV2> {
    return this.#transport.json(starting(`${V2}/chat`, request, options), isChatResponse);
  }

  /** Same as `stream`, in version 2. */
  streamV2(request: ChatRequestV2, options: StartOptions = {}): AsyncGenerator<RunEventV2, void, undefined> {
    return follow(this.#transport, {
      isEvent: isRunEventV2,
      ...this.#calls(V2, starting(`${V2}/chat`, request, options)),
    });
  }

  /** Returns the agents that the service offers. */
  async roles(options: CallOptions = {}): Promise<readonly Role[]> {
    const list = await this.#transport.json(reading(`${V1}/roles`, options), isRoles);
    return list.items;
  }

  /** Returns the usage and its cost. */
  usage(query: UsageQuery = {}, options: CallOptions = {}): Promise<UsageReport> {
    return this.#transport.json({ ...reading(`${V1}/usage`, options), query }, isUsageReport);
  }

  /** Waits until the task has completed, failed or been cancelled, and returns it. */
  waitForTask(taskId: string, options: WaitOptions = {}): Promise<TaskResponse> {
    return this.tasks.wait(taskId, options);
  }

  #calls(version: string, call: ReturnType<typeof starting>): Pick<Streamed<unknown>, 'start' | 'rejoin'> {
    const { signal, requestId } = call;
    return {
      start: { ...call, headers: { ...call.headers, ...EVENTS } },
      rejoin: (runId) => ({
        ...reading(`${version}/runs/${part(runId)}/events`, { signal, requestId }),
        headers: EVENTS,
      }),
    };
  }
}
