import {
  isAgentResponse,
  isBudgets,
  isChatResponse,
  isReadiness,
  isRoles,
  isRunEvent,
  isRunEventV2,
  isUsageReport,
} from './answers.js';
import { optionFaults } from './client.option.rules.js';
import type {
  AgentRequest,
  AgentResponse,
  BudgetList,
  ChatRequestV2,
  ChatResponseV2,
  Readiness,
  Role,
  RunEvent,
  RunEventV2,
  TaskResponse,
  UsageQuery,
  UsageReport,
} from './api.names.js';
import { ApprovalsClient } from './approvals.client.js';
import { AuditClient } from './audit.client.js';
import { readCall, startCall, streamCalls } from './calls.js';
import type { CallOptions, RookeryClientOptions, StartOptions, TenantOptions } from './client.options.js';
import { EndUsersClient } from './end-users.client.js';
import { follow } from './event.follower.js';
import { KeysClient } from './keys.client.js';
import { ReleasesClient, SwitchesClient } from './operator.clients.js';
import { RunsClient } from './runs.client.js';
import { SessionsClient } from './sessions.client.js';
import { TasksClient, type WaitOptions } from './tasks.client.js';
import { Transport } from './transport.js';
import { WebhooksClient } from './webhooks.client.js';

const V1 = '/api/v1/agent';
const V2 = '/api/v2/agent';

/**
 * A client of the service, for Node and browsers alike. It repeats calls that got 429 or 503, and safe calls after a
 * network failure. Every failure is a `RookeryError`, except an abort, which throws the reason of the signal.
 *
 * @example
 * import { RookeryClient } from 'rookery/client';
 *
 * const client = new RookeryClient({ baseUrl: 'http://127.0.0.1:8000' });
 * const { reply, session_id } = await client.chat({ message: 'Hello' });
 * await client.chat({ message: 'And again', session_id });
 */
export class RookeryClient {
  /** Lists the tool calls that wait for a decision. */
  readonly approvals: ApprovalsClient;
  /** Reads and verifies the audit, for operators. */
  readonly audit: AuditClient;
  /** Exports and erases the data of end users. */
  readonly endUsers: EndUsersClient;
  /** Manages API keys, for operators. */
  readonly keys: KeysClient;
  /** Reads the releases of the agents, for operators. */
  readonly releases: ReleasesClient;
  /** Reads, follows, cancels and approves runs. */
  readonly runs: RunsClient;
  /** Reads, exports and deletes sessions. */
  readonly sessions: SessionsClient;
  /** Stops agents, tools and tenants, for operators. */
  readonly switches: SwitchesClient;
  /** Runs agents in the background. */
  readonly tasks: TasksClient;
  /** Shows webhooks and sends them again. */
  readonly webhooks: WebhooksClient;
  readonly #transport: Transport;

  /**
   * Creates a client. It connects only when a call is made.
   *
   * @throws TypeError that names every invalid option.
   */
  constructor(options: RookeryClientOptions) {
    const faults = [...optionFaults(options)];
    if (faults.length > 0) throw new TypeError(`RookeryClient: ${faults.join('; ')}.`);
    this.#transport = new Transport(options);
    this.approvals = new ApprovalsClient(this.#transport);
    this.audit = new AuditClient(this.#transport);
    this.endUsers = new EndUsersClient(this.#transport);
    this.keys = new KeysClient(this.#transport);
    this.releases = new ReleasesClient(this.#transport);
    this.runs = new RunsClient(this.#transport);
    this.sessions = new SessionsClient(this.#transport);
    this.switches = new SwitchesClient(this.#transport);
    this.tasks = new TasksClient(this.#transport);
    this.webhooks = new WebhooksClient(this.#transport);
  }

  /**
   * Runs an agent and waits for its answer. A retry never runs it twice.
   *
   * @throws RookeryError with the code of the failure, such as `session_busy`, `rate_limited` or `timeout`.
   *
   * @example
   * const { reply, session_id } = await client.chat({ message: 'What is 17 * 3?', agent_role: 'assistant' });
   */
  chat(request: AgentRequest, options: StartOptions = {}): Promise<AgentResponse> {
    return this.#transport.json(startCall(`${V1}/chat`, request, options), isAgentResponse);
  }

  /**
   * Runs an agent and yields its events. If the connection breaks, it reconnects after the last event. If you leave the
   * loop, the service cancels the run after its `STREAM_GRACE_SECONDS`; `runs.cancel` cancels it at once.
   *
   * @throws RookeryError if the run cannot start; `stream_broken` if no reconnect succeeds. A failure of the run is the
   * last event.
   *
   * @example
   * for await (const event of client.stream({ message: 'Hello' })) {
   *   if (event.type === 'message.delta') console.log(event.delta);
   *   if (event.type === 'run.failed') console.error(event.error.detail);
   * }
   */
  stream(request: AgentRequest, options: StartOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    return follow(this.#transport, isRunEvent, streamCalls(V1, startCall(`${V1}/chat/stream`, request, options)));
  }

  /**
   * Same as `chat`, in version 2. Takes images and `output_schema`, and returns usage and tool calls.
   *
   * @throws RookeryError as `chat`.
   *
   * @example
   * const { output, usage } = await client.chatV2({ input: 'What is 17 * 3?', metadata: { ticket: '4711' } });
   */
  chatV2(request: ChatRequestV2, options: StartOptions = {}): Promise<ChatResponseV2> {
    return this.#transport.json(startCall(`${V2}/chat`, request, options), isChatResponse);
  }

  /**
   * Same as `stream`, in version 2. Its `run.completed` carries the whole answer.
   *
   * @throws RookeryError as `stream`.
   *
   * @example
   * for await (const event of client.streamV2({ input: 'Hello' })) {
   *   if (event.type === 'run.completed') console.log(event.response.output);
   * }
   */
  streamV2(request: ChatRequestV2, options: StartOptions = {}): AsyncGenerator<RunEventV2, void, undefined> {
    return follow(this.#transport, isRunEventV2, streamCalls(V2, startCall(`${V2}/chat`, request, options)));
  }

  /**
   * Returns the agents that the service offers.
   *
   * @throws RookeryError
   *
   * @example
   * for (const { role, description } of await client.roles()) console.log(role, description);
   */
  async roles(options: CallOptions = {}): Promise<readonly Role[]> {
    const list = await this.#transport.json(readCall(`${V1}/roles`, options), isRoles);
    return list.items;
  }

  /**
   * Returns the usage and its cost in US dollars, grouped as asked. Default: this month.
   *
   * @throws RookeryError `validation_failed` if the period is invalid; `forbidden` without the scope `usage:read`.
   *
   * @example
   * const { items } = await client.usage({ from: '2027-01-01', to: '2027-01-31' });
   */
  usage(query: UsageQuery = {}, options: CallOptions = {}): Promise<UsageReport> {
    return this.#transport.json({ ...readCall(`${V1}/usage`, options), query }, isUsageReport);
  }

  /**
   * Returns the budgets of this month with what is used of them: those of tenants and those of keys.
   *
   * @throws RookeryError `forbidden` without the scope `admin`.
   *
   * @example
   * const { items } = await client.budgets();
   * for (const { tenant, key_name, cost, cost_per_month } of items) console.log(tenant, key_name, cost, cost_per_month);
   */
  budgets(options: TenantOptions = {}): Promise<BudgetList> {
    return this.#transport.json(readCall('/api/v1/admin/budgets', options), isBudgets);
  }

  /**
   * Returns whether the service accepts runs. Also returns the answer of a service that is not ready. Needs no
   * credentials.
   *
   * @throws RookeryError `network_error` if the service does not respond.
   *
   * @example
   * const { status, database } = await client.readiness();
   * if (status !== 'ok') console.warn(`Not ready; the database is ${database}.`);
   */
  readiness(options: CallOptions = {}): Promise<Readiness> {
    return this.#transport.json({ ...readCall('/health/ready', options), alsoOk: 503 }, isReadiness);
  }

  /**
   * Returns the metrics of the process that answers, in the text format of Prometheus.
   *
   * @throws RookeryError `forbidden` without the scope `metrics`.
   *
   * @example
   * const lines = (await client.metrics()).split('\n');
   * console.log(lines.filter((line) => line.startsWith('rookery_runs_active')));
   */
  metrics(options: CallOptions = {}): Promise<string> {
    return this.#transport.send(readCall('/metrics', options), (response) => response.text());
  }

  /**
   * Waits until the task has completed, failed or been cancelled, and returns it. Short for `tasks.wait`.
   *
   * @throws RookeryError `task_not_found`.
   *
   * @example
   * const { task_id } = await client.tasks.create({ message: 'Sum up the week.' });
   * const { status, result } = await client.waitForTask(task_id, { signal: AbortSignal.timeout(600_000) });
   */
  waitForTask(taskId: string, options: WaitOptions = {}): Promise<TaskResponse> {
    return this.tasks.wait(taskId, options);
  }
}
