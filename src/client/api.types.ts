// Made from the OpenAPI document: `npm run contract` renews it.

export interface paths {
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say that the service is there
     * @description Always open, and never counted.
     */
    get: operations['health_health'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say that the process lives
     * @description Restart it when this does not answer.
     */
    get: operations['health_live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say whether work can be taken
     * @description Send none while this answers 503.
     */
    get: operations['health_ready'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/chat': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run an agent and wait for its answer
     * @description The turn is stored in the session before the answer is given. Needs the scope `chat`.
     */
    post: operations['chat_chat'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/chat/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run an agent and stream its answer
     * @description What is wrong before the run starts is an ordinary error; what fails later is the last event,
     *     `run.failed`. A repeat with the same `Idempotency-Key` joins the run, behind `Last-Event-ID` where it gives one. Needs the scope `chat`.
     */
    post: operations['chat_stream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/agent/chat': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run an agent: one answer, or events
     * @description With `Accept: text/event-stream` the answer comes as events, the last of which has all of it. What is wrong
     *     before the run starts is an ordinary error; what fails later is then the last event, `run.failed`. A repeat with the
     *     same `Idempotency-Key` gets the same answer, or joins its events, behind `Last-Event-ID` where it gives one. Needs the scope `chat`.
     */
    post: operations['chatv2_chat'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/roles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the agents
     * @description Their roles are the values of `agent_role`. Needs the scope `chat`.
     */
    get: operations['roles_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/runs/{run_id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the events of a run, from any one on
     * @description Those behind `Last-Event-ID` (or `?after=`) first, then each as it comes. 204 where the caller has all of
     *     them. A run that `/chat/stream` has begun waits a while for its readers to come back. Needs the scope `chat`.
     */
    get: operations['runs_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/runs/{run_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a run
     * @description Its provider and its tools are stopped, whichever replica holds it; what comes late changes nothing. Needs the scope `chat`.
     */
    post: operations['runs_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/runs/{run_id}/approvals/{approval_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Decide whether a tool may be called
     * @description The run told of it with `approval.required` and waits. Each is decided once. Needs the scope `chat`.
     */
    post: operations['runs_decide'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/agent/runs/{run_id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the events of a run, from any one on
     * @description Those behind `Last-Event-ID` (or `?after=`) first, then each as it comes. 204 where the caller has all of
     *     them. By whichever version a run was begun, the last event is told here as version 2 has it. Needs the scope `chat`.
     */
    get: operations['runsv2_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List sessions
     * @description The one with the newest turn first. Needs the scope `sessions:read`.
     */
    get: operations['sessions_list'];
    put?: never;
    post?: never;
    /**
     * Erase all sessions of an end user
     * @description With all that hangs on them; what runs on his behalf is cancelled first. 204 also where he has none. Needs the scope `sessions:write`.
     */
    delete: operations['sessions_eraseOf'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/sessions/{session_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a session
     * @description Its messages have a route of their own. Needs the scope `sessions:read`.
     */
    get: operations['sessions_get'];
    put?: never;
    post?: never;
    /**
     * Erase a session
     * @description With all that hangs on it; a run under way is cancelled first. Needs the scope `sessions:write`.
     */
    delete: operations['sessions_erase'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/sessions/{session_id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the messages of a session
     * @description Newest first, within a page too. Needs the scope `sessions:read`.
     */
    get: operations['sessions_messages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List tasks
     * @description Newest first. Needs the scope `tasks`.
     */
    get: operations['tasks_list'];
    put?: never;
    /**
     * Start an agent in the background
     * @description It is on the disk when this answers, and goes on whatever dies. Poll it, follow its events, or have its end
     *     posted to `webhook_url`. Needs the scope `tasks`.
     */
    post: operations['tasks_submit'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks/{task_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a task
     * @description How it stands, and once it has ended what came of it. Needs the scope `tasks`.
     */
    get: operations['tasks_get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks/{task_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a task
     * @description Its provider and its tools are stopped, whichever replica holds it; what comes late changes nothing. Needs the scope `tasks`.
     */
    post: operations['tasks_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks/{task_id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the events of a task, from any one on
     * @description Those behind `Last-Event-ID` (or `?after=`) first, then each as it comes. 204 where the caller has all. Needs the scope `tasks`.
     */
    get: operations['tasks_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks/{task_id}/approvals/{approval_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Decide whether a tool of a task may be called
     * @description The task rests meanwhile, for days if need be. Each is decided once. Needs the scope `tasks`.
     */
    post: operations['tasks_decide'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List keys
     * @description Of all tenants, or of `tenant`; newest first, those too that were revoked. Needs the scope `admin`.
     */
    get: operations['keys_list'];
    put?: never;
    /**
     * Make a key
     * @description It is in the answer, and nowhere else: only a hash is kept. Needs the scope `admin`.
     */
    post: operations['keys_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/keys/{key_id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a key another secret
     * @description What it is good for stays. The one before is good for `overlap_seconds` besides, so that its holders can
     *     change over. Needs the scope `admin`.
     */
    post: operations['keys_rotate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/keys/{key_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a key
     * @description For good, and everywhere within a second: what is being streamed to its holder ends too. Needs the scope `admin`.
     */
    delete: operations['keys_revoke'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/releases': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the releases
     * @description As the process that answers has them, and whether it has taken the last change of their folder. Needs the scope `admin`.
     */
    get: operations['releases_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read what was used
     * @description Of runs that have ended, with what those have used that failed. Costs are there for models with a price. Needs the scope `usage:read`.
     */
    get: operations['usage_report'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what was done
     * @description To keys, sessions and approvals, and what was exported and erased: of all tenants, or of `tenant`; newest
     *     first. Needs the scope `admin`.
     */
    get: operations['audit_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export the chain
     * @description Every entry of all tenants, oldest first, one a line. `npm run audit -- verify FILE` says whether it is
     *     whole and unchanged. Needs the scope `admin`.
     */
    get: operations['audit_export'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/sessions/{session_id}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export a session
     * @description With all that hangs on it: messages, its summary, runs and their events, steps and approvals. Needs the scope `sessions:read`.
     */
    get: operations['privacy_exportSession'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/end-users/{end_user}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export all data of an end user
     * @description Of all his sessions, and what was done with them. An end user asks for his own alone. Needs the scope `sessions:read`.
     */
    get: operations['privacy_exportEndUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/end-users/{end_user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Erase all data of an end user
     * @description What runs on his behalf is cancelled first. Called again it erases what is left, if anything. What the
     *     audit has of him stays, but nobody can tell any more that it is his. Needs the scope `sessions:write`.
     */
    delete: operations['privacy_eraseEndUser'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/tenants/{tenant}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Export all data of a tenant
     * @description Its keys are among it, but not what they prove themselves with. Needs the scope `admin`.
     */
    get: operations['tenants_export'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/tenants/{tenant}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Erase a tenant
     * @description Its keys are revoked, what runs for it is cancelled, and all its data goes. What it has used stays, for its
     *     bills, and so does the audit. Called again it erases what is left, if anything. Needs the scope `admin`.
     */
    delete: operations['tenants_erase'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/ws': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Connect by WebSocket
     * @description Chats, subscriptions, cancellations and approvals over one connection. Each message is one JSON object, as
     *     text, of 256 KiB at most. The caller sends `ChatFrame`, `SubscribeFrame`, `CancelFrame` and `ApproveFrame`, each with
     *     an `id` of its choice; each counts as a request. It is sent the events of `POST /chat/stream`, with that `id` added,
     *     `RunStateFrame` for what is done at once, and `ErrorFrame` for a frame that was refused or has failed: the socket
     *     stays open then. A socket has at most 32 chats and subscriptions. It is closed with 1001 when the service ends, and
     *     with 1013 when its reader is too slow; whoever connects again within the grace goes on with `subscribe` and `after`. Needs the scope `chat`.
     */
    get: operations['socket_connect'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Health: {
      /**
       * @example ok
       * @enum {string}
       */
      status: 'ok';
    };
    Readiness: {
      /**
       * @example ok
       * @enum {string}
       */
      status: 'ok' | 'unavailable';
      /**
       * @example ok
       * @enum {string}
       */
      database: 'ok' | 'down';
      /**
       * @description Only where REDIS_URL is set.
       * @example ok
       * @enum {string}
       */
      redis?: 'ok' | 'down';
      /**
       * @example accepted
       * @enum {string}
       */
      runs: 'draining' | 'accepted';
    };
    FieldError: {
      /**
       * @description The field, with dots where it is nested.
       * @example temperature
       */
      field: string;
      /**
       * @description What would be right.
       * @example temperature must not be greater than 2
       */
      message: string;
    };
    ErrorResponse: {
      /**
       * @description A sentence for people.
       * @example temperature must not be greater than 2
       */
      detail: string | null;
      /**
       * @description The id of the request, as in `X-Request-Id`.
       * @example 0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11
       */
      request_id: string;
      /** @description On `validation_failed` only. */
      errors?: components['schemas']['FieldError'][];
      /**
       * @description The stable code of what went wrong.
       * @example validation_failed
       * @enum {string}
       */
      error:
        | 'malformed_request'
        | 'unauthenticated'
        | 'forbidden'
        | 'not_found'
        | 'session_not_found'
        | 'run_not_found'
        | 'task_not_found'
        | 'method_not_allowed'
        | 'session_busy'
        | 'run_cancelled'
        | 'idempotency_key_in_use'
        | 'task_already_finished'
        | 'approval_required'
        | 'approval_already_decided'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'validation_failed'
        | 'idempotency_key_reused'
        | 'guardrail_tripped'
        | 'rate_limited'
        | 'token_budget_exhausted'
        | 'client_closed_request'
        | 'internal_error'
        | 'model_error'
        | 'model_output_invalid'
        | 'model_unavailable'
        | 'model_rate_limited'
        | 'overloaded'
        | 'draining'
        | 'storage_unavailable'
        | 'run_interrupted'
        | 'agent_timeout';
    };
    ProblemDetails: {
      /**
       * @description A sentence for people.
       * @example temperature must not be greater than 2
       */
      detail: string | null;
      /**
       * @description The id of the request, as in `X-Request-Id`.
       * @example 0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11
       */
      request_id: string;
      /** @description On `validation_failed` only. */
      errors?: components['schemas']['FieldError'][];
      /** @example about:blank */
      type: string;
      /**
       * @description What the status says.
       * @example Unprocessable Entity
       */
      title: string;
      /**
       * Format: int32
       * @example 422
       */
      status: number;
      /**
       * @description The stable code of what went wrong.
       * @example validation_failed
       * @enum {string}
       */
      error:
        | 'malformed_request'
        | 'unauthenticated'
        | 'forbidden'
        | 'not_found'
        | 'session_not_found'
        | 'run_not_found'
        | 'task_not_found'
        | 'method_not_allowed'
        | 'session_busy'
        | 'run_cancelled'
        | 'idempotency_key_in_use'
        | 'task_already_finished'
        | 'approval_required'
        | 'approval_already_decided'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'validation_failed'
        | 'idempotency_key_reused'
        | 'guardrail_tripped'
        | 'rate_limited'
        | 'token_budget_exhausted'
        | 'client_closed_request'
        | 'internal_error'
        | 'model_error'
        | 'model_output_invalid'
        | 'model_unavailable'
        | 'model_rate_limited'
        | 'overloaded'
        | 'draining'
        | 'storage_unavailable'
        | 'run_interrupted'
        | 'agent_timeout';
    };
    AgentRequest: {
      /**
       * @description Resumes that session, or starts it under that id; left out: a new one.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description How freely the model chooses its words.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description What the agent is told.
       * @example What does a rookery do?
       */
      message: string;
      /**
       * @description One of the offered roles.
       * @default assistant
       * @example assistant
       */
      agent_role?: string;
    };
    AgentResponse: {
      /** @example holiday-plans */
      session_id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example It offers agents over REST. */
      reply: string;
      /**
       * Format: int64
       * @description Input and output tokens of all model calls of the run.
       * @example 57
       */
      tokens_used: number;
      /**
       * @description The model that answered, as its provider names it; `offline` for the built-in one.
       * @example gpt-4o
       */
      model: string;
      /** @example 812.4 */
      processing_time_ms: number;
      /** @description Present when the model's output limit cut the reply. */
      truncated?: boolean;
    };
    RunStarted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example holiday-plans */
      session_id: string;
      /** @example assistant */
      agent_role: string;
      /** @example gpt-4o */
      model: string;
      /** @enum {string} */
      type: 'run.started';
    };
    RunRestarted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /**
       * Format: int64
       * @example 2
       */
      attempt: number;
      /** @enum {string} */
      type: 'run.restarted';
    };
    MessageDelta: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example It offers */
      delta: string;
      /** @enum {string} */
      type: 'message.delta';
    };
    ToolStarted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example call_1 */
      call_id: string;
      /** @example calculate */
      tool: string;
      /**
       * @description What it was given, as its schema has it.
       * @example {
       *       "expression": "6 * 7"
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      type: 'tool.started';
    };
    ToolCompleted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example call_1 */
      call_id: string;
      /** @example calculate */
      tool: string;
      /**
       * @description What the model was given.
       * @example 42
       */
      output?: string;
      /** @description Why it failed, in place of an output. */
      error?: string;
      /** @enum {string} */
      type: 'tool.completed';
    };
    ApprovalRequired: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example 01a20639-24c1-7000-8000-000000000000 */
      approval_id: string;
      /** @example send_invoice */
      tool: string;
      /**
       * @description What it is to be given.
       * @example {
       *       "amount": 100
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      type: 'approval.required';
    };
    Handoff: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example assistant */
      from: string;
      /** @example researcher */
      to: string;
      /** @enum {string} */
      type: 'handoff';
    };
    RunCompleted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @enum {string} */
      type: 'run.completed';
      /** @description The whole answer, as `/chat` gives it. */
      response: components['schemas']['AgentResponse'];
    };
    RunFailed: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @enum {string} */
      type: 'run.failed';
      /** @description What went wrong, as `/chat` says it. */
      error: components['schemas']['ErrorResponse'];
    };
    RunCancelled: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @example The session was deleted. */
      reason: string;
      /** @enum {string} */
      type: 'run.cancelled';
    };
    ChatToolCall: {
      /** @example call_1 */
      call_id: string;
      /** @example calculate */
      tool: string;
      /**
       * @description As the model gave them: an object, or its text where that is none.
       * @example {
       *       "expression": "6 * 7"
       *     }
       */
      arguments:
        | {
            [key: string]: unknown;
          }
        | string;
      /**
       * @description What the model was told, its first 16,384 characters; in its place `error`, when the call failed.
       * @example 42
       */
      output?: string;
      /** @description Why it failed. */
      error?: string;
      /** @example 1.2 */
      duration_ms: number;
    };
    ChatUsage: {
      /**
       * Format: int64
       * @example 40
       */
      input_tokens: number;
      /**
       * Format: int64
       * @description Of the input: what the provider had read before.
       * @example 0
       */
      cached_tokens: number;
      /**
       * Format: int64
       * @example 17
       */
      output_tokens: number;
      /**
       * Format: int64
       * @description Of the output: what the model thought before it answered.
       * @example 0
       */
      reasoning_tokens: number;
      /**
       * Format: int64
       * @description Input and output.
       * @example 57
       */
      total_tokens: number;
      /**
       * @description What they cost; left out where no price is known.
       * @example 0.00027
       */
      cost?: number;
    };
    ChatResponse: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example holiday-plans */
      session_id: string;
      /** @example It offers agents over REST. */
      output: string;
      /**
       * @description The value of `output`, where `output_schema` or the agent gives it a shape.
       * @example {
       *       "city": "Oslo"
       *     }
       */
      output_parsed?: {
        [key: string]: unknown;
      };
      /** @description In the order in which the model asked for them. */
      tool_calls: components['schemas']['ChatToolCall'][];
      /**
       * @description `length`: the model's output limit cut the answer.
       * @example stop
       * @enum {string}
       */
      finish_reason: 'stop' | 'length';
      /**
       * @description The model that answered, as its provider names it; `offline` for the built-in one.
       * @example gpt-4o
       */
      model: string;
      /**
       * @description What the run was made by.
       * @example default
       */
      release: string;
      /** @example 812.4 */
      processing_time_ms: number;
      /**
       * @description As the request had it.
       * @example {
       *       "ticket": "4711"
       *     }
       */
      metadata: {
        [key: string]: string;
      };
      usage: components['schemas']['ChatUsage'];
    };
    ChatCompleted: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /** @enum {string} */
      type: 'run.completed';
      /** @description The whole answer, as JSON has it. */
      response: components['schemas']['ChatResponse'];
    };
    TextPart: {
      /** @example What is on this picture? */
      text: string;
      /** @enum {string} */
      type: 'text';
    };
    ImagePart: {
      /**
       * @description `https:` and nothing private, which the model's provider fetches, at most 2,048 characters; or `data:` with the image itself, a PNG, JPEG,
       *     WebP or GIF in base64.
       * @example https://app.example.com/nest.jpg
       */
      url: string;
      /** @enum {string} */
      type: 'image_url';
    };
    ChatRequest: {
      /**
       * @description What the agent is told: a text, or parts of which some are images.
       * @example What does a rookery do?
       */
      input: string | (components['schemas']['TextPart'] | components['schemas']['ImagePart'])[];
      /**
       * @description Resumes that session, or starts it under that id; left out: a new one.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description JSON Schema of the answer, of type `object` and at most 16,384 characters. It stands in the place of the agent's own.
       *     `$ref` may point into the schema itself only; `format` is told to the model, but not checked.
       */
      output_schema?: {
        [key: string]: unknown;
      };
      /**
       * @description Whatever the caller wants to find again in the answer: at most 16 pairs, their names of at most 64 characters.
       * @example {
       *       "ticket": "4711"
       *     }
       */
      metadata?: {
        [key: string]: string;
      };
      /**
       * @description One of the offered roles.
       * @default assistant
       * @example assistant
       */
      agent_role?: string;
      /**
       * @description How freely the model chooses its words.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description Pins the release that answers; left out: the one that is chosen for the caller.
       * @example default
       */
      release?: string;
    };
    Role: {
      /** @example assistant */
      role: string;
      /** @example Answers everyday questions. */
      description: string;
      /** @example gpt-4o */
      model: string;
      /**
       * @description The names of its tools; those of an MCP server while it is connected.
       * @example []
       */
      tools: string[];
    };
    RoleList: {
      items: components['schemas']['Role'][];
    };
    RunState: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * @example running
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
    };
    ApprovalDecision: {
      /**
       * @example approve
       * @enum {string}
       */
      decision: 'approve' | 'reject';
      /**
       * @description Why it is rejected, for the model to read.
       * @example Too expensive.
       */
      reason?: string;
    };
    Session: {
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The role of its last run.
       * @example assistant
       */
      agent_role: string;
      /**
       * @description Whose it is within the tenant: the `sub` of a token, or `X-End-User`. Left out: the tenant's own.
       * @example ada
       */
      end_user?: string;
      /**
       * Format: int64
       * @example 2
       */
      message_count: number;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      updated_at: string;
    };
    SessionPage: {
      items: components['schemas']['Session'][];
      /** @description Asks for the next page; null on the last one. */
      next_cursor: string | null;
    };
    Message: {
      /** @example 0d9c2f5e-7a36-4f6d-8b53-0a6f0a7de7a4 */
      message_id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example What does a rookery do? */
      content: string;
      /** @description On role `tool` only: its name. */
      tool?: string;
      /** @description On role `tool` only: the call that it answers. */
      call_id?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * @example user
       * @enum {string}
       */
      role: 'user' | 'assistant' | 'tool';
    };
    MessagePage: {
      items: components['schemas']['Message'][];
      /** @description Asks for the next page; null on the last one. */
      next_cursor: string | null;
    };
    TaskRequest: {
      /**
       * @description Resumes that session, or starts it under that id; left out: a new one.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description How freely the model chooses its words.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description What the agent is told.
       * @example What does a rookery do?
       */
      message: string;
      /**
       * @description One of the offered roles.
       * @default assistant
       * @example assistant
       */
      agent_role?: string;
      /**
       * @description Where the finished task is posted to: https, and nothing private.
       * @example https://app.example.com/hooks/rookery
       */
      webhook_url?: string;
    };
    PendingApproval: {
      /** @example 01a20639-24c1-7000-8000-000000000000 */
      approval_id: string;
      /** @example send_invoice */
      tool: string;
      /**
       * @description What it is to be given.
       * @example {
       *       "amount": 100
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
    };
    TaskResponse: {
      /**
       * @description Also the id of its run.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      task_id: string;
      /**
       * @description The last three are final.
       * @example running
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
      /** @example assistant */
      agent_role: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When it was first taken up.
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:09.123Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @description How often it was taken up; more than once where a process has died or it has waited for an approval.
       * @example 1
       */
      attempt: number;
      /** @description On `waiting_approval` above all: what somebody has to decide. */
      pending_approvals?: components['schemas']['PendingApproval'][];
      /** @description On `completed` only: what `/chat` would have answered. */
      result?: components['schemas']['AgentResponse'];
      /** @description On `failed` and `cancelled` only. */
      error?: components['schemas']['ErrorResponse'];
    };
    TaskPage: {
      items: components['schemas']['TaskResponse'][];
      /** @description Asks for the next page; null on the last one. */
      next_cursor: string | null;
    };
    NewKey: {
      /** @example acme */
      tenant: string;
      /**
       * @example [
       *       "chat",
       *       "tasks"
       *     ]
       */
      scopes: ('chat' | 'tasks' | 'sessions:read' | 'sessions:write' | 'usage:read' | 'metrics' | 'admin')[];
      /**
       * Format: date-time
       * @description Left out: it does not expire.
       * @example 2100-01-02T03:04:05Z
       */
      expires_at?: string;
      /**
       * Format: int32
       * @description In the place of the limit that all callers have.
       * @example 600
       */
      requests_per_minute?: number;
      /**
       * Format: int64
       * @example 1000000
       */
      tokens_per_month?: number;
      /**
       * @description For people: whose it is, or what for.
       * @example web shop
       */
      name: string;
      /**
       * @description In US dollars, as `PRICES_FILE` has it.
       * @example 25
       */
      cost_per_month?: number;
    };
    MadeKey: {
      /**
       * @description Part of the key, and no secret.
       * @example 0f1e2d3c4b5a6978
       */
      key_id: string;
      /** @example web shop */
      name: string;
      /** @example acme */
      tenant: string;
      /**
       * @example [
       *       "chat",
       *       "tasks"
       *     ]
       */
      scopes: ('chat' | 'tasks' | 'sessions:read' | 'sessions:write' | 'usage:read' | 'metrics' | 'admin')[];
      /** Format: int32 */
      requests_per_minute?: number;
      /** Format: int64 */
      tokens_per_month?: number;
      /** @description In US dollars. */
      cost_per_month?: number;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * @description Who made it.
       * @example key:8796a5b4c3d2e1f0
       */
      created_by: string;
      /** Format: date-time */
      expires_at?: string;
      /** Format: date-time */
      revoked_at?: string;
      /**
       * Format: date-time
       * @description To a minute.
       */
      last_used_at?: string;
      /**
       * @description The key itself. It is shown this once.
       * @example rk_0f1e2d3c4b5a6978_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
       */
      key: string;
    };
    ApiKey: {
      /**
       * @description Part of the key, and no secret.
       * @example 0f1e2d3c4b5a6978
       */
      key_id: string;
      /** @example web shop */
      name: string;
      /** @example acme */
      tenant: string;
      /**
       * @example [
       *       "chat",
       *       "tasks"
       *     ]
       */
      scopes: ('chat' | 'tasks' | 'sessions:read' | 'sessions:write' | 'usage:read' | 'metrics' | 'admin')[];
      /** Format: int32 */
      requests_per_minute?: number;
      /** Format: int64 */
      tokens_per_month?: number;
      /** @description In US dollars. */
      cost_per_month?: number;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * @description Who made it.
       * @example key:8796a5b4c3d2e1f0
       */
      created_by: string;
      /** Format: date-time */
      expires_at?: string;
      /** Format: date-time */
      revoked_at?: string;
      /**
       * Format: date-time
       * @description To a minute.
       */
      last_used_at?: string;
    };
    KeyPage: {
      items: components['schemas']['ApiKey'][];
      /** @description Asks for the next page; null on the last one. */
      next_cursor: string | null;
    };
    KeyRotation: {
      /**
       * Format: int32
       * @description How long the secret before is good besides.
       * @example 3600
       */
      overlap_seconds?: number;
    };
    OfferedRelease: {
      /** @example 2026-11-assistant-2 */
      name: string;
      /** @example assistant */
      role: string;
      /** @example Shorter answers. */
      description?: string;
      /** @example You are a helpful assistant. Answer in one sentence. */
      instructions?: string;
      /** @example gpt-4o-mini */
      model?: string;
      /** @example 0.2 */
      temperature?: number;
      /**
       * Format: int32
       * @example 5
       */
      max_turns?: number;
    };
    ReleaseList: {
      /** @description In the order of their files. */
      items: components['schemas']['OfferedRelease'][];
      /**
       * @description Where the flags come from that choose among them.
       * @enum {string}
       */
      flags: 'none' | 'folder' | 'flagd' | 'provider';
      /**
       * Format: date-time
       * @description When the folder was last taken as it was; left out: there is none.
       */
      taken_at?: string;
      /**
       * @description Why the last change of the folder was not taken; left out: it was.
       * @example "flags.yaml: flag "release.assistant": its variant "new" names no release: "assistant-9""
       */
      refused?: string;
    };
    UsageItem: {
      /**
       * Format: date
       * @description With `group_by=day`, UTC.
       * @example 2026-01-31
       */
      day?: string;
      /** @description With `group_by=key`: its id; of callers without a key, how they are known; `erased`: of end users whose data is. */
      key?: string;
      /** @description With `group_by=role`. */
      role?: string;
      /** @description With `group_by=model`: as the provider names it. */
      model?: string;
      /**
       * Format: int64
       * @example 12
       */
      runs: number;
      /**
       * Format: int64
       * @example 34567
       */
      input_tokens: number;
      /**
       * Format: int64
       * @example 8901
       */
      output_tokens: number;
      /**
       * @description In US dollars, as far as the models have a price.
       * @example 0.1754275
       */
      cost: number;
    };
    UsageReport: {
      items: components['schemas']['UsageItem'][];
    };
    AuditEntry: {
      /**
       * Format: int64
       * @description 1, 2, 3 … without a gap, of all tenants together.
       * @example 1
       */
      sequence: number;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      at: string;
      /** @example acme */
      tenant: string;
      /**
       * @description The id of the principal that did it; an end user by his pseudonym.
       * @example key:8796a5b4c3d2e1f0
       */
      actor: string;
      /** @description The pseudonym of the end user whose data it is; null: the tenant's own. */
      subject: string | null;
      /** @example key.created */
      action: string;
      /** @example key:0f1e2d3c4b5a6978 */
      target: string;
      /**
       * @example {
       *       "name": "web shop",
       *       "scopes": [
       *         "chat"
       *       ]
       *     }
       */
      details: {
        [key: string]: unknown;
      };
      /** @description Of the request that did it; null: none did. */
      request_id: string | null;
      /**
       * @description The hash of the entry before.
       * @example 0000000000000000000000000000000000000000000000000000000000000000
       */
      previous_hash: string;
      /**
       * @description SHA-256 of the other fields.
       * @example 3f2c6f1fdb8b5f5a9a0b6f8f4dce3f8ec7c0e8b8ad1c2f0f2b4f3f4e5d6c7b8a
       */
      hash: string;
    };
    AuditPage: {
      items: components['schemas']['AuditEntry'][];
      /** @description Asks for the next page; null on the last one. */
      next_cursor: string | null;
    };
    ErasedData: {
      /**
       * Format: int64
       * @example 2
       */
      sessions: number;
      /**
       * Format: int64
       * @example 14
       */
      messages: number;
      /**
       * Format: int64
       * @example 7
       */
      runs: number;
    };
    ErasedTenantData: {
      /**
       * Format: int64
       * @example 2
       */
      sessions: number;
      /**
       * Format: int64
       * @example 14
       */
      messages: number;
      /**
       * Format: int64
       * @example 7
       */
      runs: number;
      /**
       * Format: int64
       * @example 1
       */
      keys: number;
    };
    ChatFrame: {
      /** @enum {string} */
      type: 'chat';
      /**
       * @description Chosen by the caller: whatever answers this frame carries it.
       * @example 1
       */
      id: string;
      /** @description As the body of `POST /chat/stream`. */
      request: components['schemas']['AgentRequest'];
    };
    SubscribeFrame: {
      /**
       * Format: int32
       * @description The number of the last event that the caller has; left out: all of them.
       * @example 3
       */
      after?: number;
      /** @enum {string} */
      type: 'subscribe';
      /** @example 2 */
      id: string;
      /**
       * @description Either this or `task_id`.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      run_id?: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      task_id?: string;
    };
    CancelFrame: {
      /** @enum {string} */
      type: 'cancel';
      /** @example 3 */
      id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
    };
    ApproveFrame: {
      /**
       * @example approve
       * @enum {string}
       */
      decision: 'approve' | 'reject';
      /**
       * @description Why it is rejected, for the model to read.
       * @example Too expensive.
       */
      reason?: string;
      /** @enum {string} */
      type: 'approve';
      /** @example 4 */
      id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example 01a20639-24c1-7000-8000-000000000000 */
      approval_id: string;
    };
    RunStateFrame: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * @example running
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
      /** @example 3 */
      id: string;
      /** @enum {string} */
      type: 'run.state';
    };
    ErrorFrame: {
      /** @description Null where the frame had none that could be read. */
      id: string | null;
      /** @enum {string} */
      type: 'error';
      error: components['schemas']['ErrorResponse'];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  health_health: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Say that the service is there */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
  health_live: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Say that the process lives */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
  health_ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Say whether work can be taken */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description A dependency is down, or the service drains. */
      503: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
    };
  };
  chat_chat: {
    parameters: {
      query?: never;
      header?: {
        /** @description Names this request, for 24 hours: a repeat is given the first answer again, with `Idempotent-Replayed: true`. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AgentRequest'];
      };
    };
    responses: {
      /** @description Run an agent and wait for its answer */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentResponse'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run holds this session. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `run_cancelled`: The run was cancelled. `approval_required`: A tool of this agent needs an approval, which this call cannot wait for. Use a task or a stream. */
      409: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail refused it. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `model_error`: The model provider failed or broke off its answer. `model_output_invalid`: The model did not answer in the shape that was asked for. */
      502: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are under way. `draining`: The service is shutting down. `storage_unavailable`: The database is not available. Try again. `model_unavailable`: The model provider cannot be reached. `model_rate_limited`: The model provider asks to slow down. `run_interrupted`: The process that ran it died. Nothing was added to the session. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `agent_timeout`: The run took longer than its time limit. */
      504: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  chat_stream: {
    parameters: {
      query?: never;
      header?: {
        /** @description The number of the last event that the caller has. Browsers send it by themselves. */
        'Last-Event-ID'?: number;
        /** @description Names this request, for 24 hours: a repeat is given the first answer again, with `Idempotent-Replayed: true`. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AgentRequest'];
      };
    };
    responses: {
      /** @description The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['MessageDelta']
            | components['schemas']['ToolStarted']
            | components['schemas']['ToolCompleted']
            | components['schemas']['ApprovalRequired']
            | components['schemas']['Handoff']
            | components['schemas']['RunCompleted']
            | components['schemas']['RunFailed']
            | components['schemas']['RunCancelled'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run holds this session. */
      409: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail refused it. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are under way. `draining`: The service is shutting down. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  chatv2_chat: {
    parameters: {
      query?: never;
      header?: {
        /** @description The number of the last event that the caller has. Browsers send it by themselves. */
        'Last-Event-ID'?: number;
        /** @description Names this request, for 24 hours: a repeat is given the first answer again, with `Idempotent-Replayed: true`. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChatRequest'];
      };
    };
    responses: {
      /** @description The answer; with `Accept: text/event-stream` its events. The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChatResponse'];
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['MessageDelta']
            | components['schemas']['ToolStarted']
            | components['schemas']['ToolCompleted']
            | components['schemas']['ApprovalRequired']
            | components['schemas']['Handoff']
            | components['schemas']['ChatCompleted']
            | components['schemas']['RunFailed']
            | components['schemas']['RunCancelled'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run holds this session. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `run_cancelled`: The run was cancelled. `approval_required`: A tool of this agent needs an approval, which this call cannot wait for. Use a task or a stream. */
      409: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail refused it. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `model_error`: The model provider failed or broke off its answer. `model_output_invalid`: The model did not answer in the shape that was asked for. */
      502: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are under way. `draining`: The service is shutting down. `storage_unavailable`: The database is not available. Try again. `model_unavailable`: The model provider cannot be reached. `model_rate_limited`: The model provider asks to slow down. `run_interrupted`: The process that ran it died. Nothing was added to the session. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `agent_timeout`: The run took longer than its time limit. */
      504: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  roles_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the agents */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RoleList'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  runs_events: {
    parameters: {
      query?: {
        tenant?: string;
        after?: number;
      };
      header?: {
        /** @description The number of the last event that the caller has. Browsers send it by themselves. */
        'Last-Event-ID'?: number;
      };
      path: {
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['MessageDelta']
            | components['schemas']['ToolStarted']
            | components['schemas']['ToolCompleted']
            | components['schemas']['ApprovalRequired']
            | components['schemas']['Handoff']
            | components['schemas']['RunCompleted']
            | components['schemas']['RunFailed']
            | components['schemas']['RunCancelled'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: There is no such run. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  runs_cancel: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancel a run */
      202: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunState'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: There is no such run. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_already_finished`: It has finished already. */
      409: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  runs_decide: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        run_id: string;
        approval_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ApprovalDecision'];
      };
    };
    responses: {
      /** @description Decide whether a tool may be called */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunState'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: There is no such run. `not_found`: There is no such route. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_already_decided`: This approval has been decided. `task_already_finished`: It has finished already. */
      409: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  runsv2_events: {
    parameters: {
      query?: {
        tenant?: string;
        after?: number;
      };
      header?: {
        /** @description The number of the last event that the caller has. Browsers send it by themselves. */
        'Last-Event-ID'?: number;
      };
      path: {
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['MessageDelta']
            | components['schemas']['ToolStarted']
            | components['schemas']['ToolCompleted']
            | components['schemas']['ApprovalRequired']
            | components['schemas']['Handoff']
            | components['schemas']['ChatCompleted']
            | components['schemas']['RunFailed']
            | components['schemas']['RunCancelled'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: There is no such run. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  sessions_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description Only those of this end user. */
        end_user?: string;
        /** @description The `next_cursor` of the page before; left out: the newest. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List sessions */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  sessions_eraseOf: {
    parameters: {
      query: {
        tenant?: string;
        end_user: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase all sessions of an end user */
      204: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  sessions_get: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a session */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  sessions_erase: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase a session */
      204: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  sessions_messages: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next_cursor` of the page before; left out: the newest. */
        cursor?: string;
      };
      header?: never;
      path: {
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the messages of a session */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessagePage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description Only those that stand so. */
        status?: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
        /** @description The `next_cursor` of the page before; left out: the newest. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List tasks */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_submit: {
    parameters: {
      query?: never;
      header?: {
        /** @description Names this request, for 24 hours: a repeat is given the first answer again, with `Idempotent-Replayed: true`. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TaskRequest'];
      };
    };
    responses: {
      /** @description Start an agent in the background */
      202: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskResponse'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run holds this session. */
      409: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `idempotency_key_reused`: This Idempotency-Key was used for another request. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `draining`: The service is shutting down. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_get: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a task */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskResponse'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: There is no such task. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_cancel: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancel a task */
      202: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskResponse'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: There is no such task. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_already_finished`: It has finished already. */
      409: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_events: {
    parameters: {
      query?: {
        tenant?: string;
        after?: number;
      };
      header?: {
        /** @description The number of the last event that the caller has. Browsers send it by themselves. */
        'Last-Event-ID'?: number;
      };
      path: {
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['MessageDelta']
            | components['schemas']['ToolStarted']
            | components['schemas']['ToolCompleted']
            | components['schemas']['ApprovalRequired']
            | components['schemas']['Handoff']
            | components['schemas']['RunCompleted']
            | components['schemas']['RunFailed']
            | components['schemas']['RunCancelled'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: There is no such task. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tasks_decide: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        task_id: string;
        approval_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ApprovalDecision'];
      };
    };
    responses: {
      /** @description Decide whether a tool of a task may be called */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskResponse'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: There is no such task. `not_found`: There is no such route. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_already_decided`: This approval has been decided. `task_already_finished`: It has finished already. */
      409: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  keys_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description The `next_cursor` of the page before; left out: the newest. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List keys */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['KeyPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  keys_create: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewKey'];
      };
    };
    responses: {
      /** @description Make a key */
      201: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeKey'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  keys_rotate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        key_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['KeyRotation'];
      };
    };
    responses: {
      /** @description Give a key another secret */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeKey'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: There is no such route. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `payload_too_large`: The body is too large. */
      413: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unsupported_media_type`: The body must be application/json. */
      415: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  keys_revoke: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoke a key */
      204: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: There is no such route. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  releases_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the releases */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReleaseList'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  usage_report: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description By what it is added up. */
        group_by?: 'day' | 'key' | 'role' | 'model';
        /** @description The first day, UTC; of a time, its day. Left out: the first of this month. */
        from?: string;
        /** @description The last day, which is included. Left out: today. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read what was used */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UsageReport'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  audit_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description How many items at most. */
        limit?: number;
        /** @description Only deeds of this kind. */
        action?:
          | 'key.created'
          | 'key.rotated'
          | 'key.revoked'
          | 'session.deleted'
          | 'approval.decided'
          | 'data.exported'
          | 'data.erased'
          | 'audit.exported';
        /** @description From this time on. */
        from?: string;
        /** @description Before this time. */
        to?: string;
        /** @description Only what this one did. */
        actor?: string;
        /** @description Only what was done to the data of this end user of `tenant`. */
        end_user?: string;
        /** @description The `next_cursor` of the page before; left out: the newest. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List what was done */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  audit_export: {
    parameters: {
      query?: {
        /** @description Only the entries behind this one; left out: all. */
        after?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One entry a line. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': components['schemas']['AuditEntry'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  privacy_exportSession: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': {
            type: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: There is no such session. */
      404: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  privacy_exportEndUser: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        end_user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': {
            type: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  privacy_eraseEndUser: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        end_user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase all data of an end user */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErasedData'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tenants_export: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type. */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': {
            type: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  tenants_erase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase a tenant */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErasedTenantData'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
  socket_connect: {
    parameters: {
      query?: never;
      header?: {
        /** @description `rookery` is accepted. Browsers may offer a key or a token beside it. */
        'Sec-WebSocket-Protocol'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description From now on it is a WebSocket, with these frames. */
      101: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | components['schemas']['ChatFrame']
            | components['schemas']['SubscribeFrame']
            | components['schemas']['CancelFrame']
            | components['schemas']['ApproveFrame']
            | components['schemas']['RunStateFrame']
            | components['schemas']['ErrorFrame'];
        };
      };
      /** @description Connect by WebSocket */
      200: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are needed. */
      401: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This is not allowed. */
      403: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `validation_failed`: The request is not valid. */
      422: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `rate_limited`: Too many requests. */
      429: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: Something failed inside the service. Its log has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until another try makes sense. */
          'Retry-After'?: number;
          /** @description The caller's own id of the request where it sent a good one, else a new one. */
          'X-Request-Id'?: string;
          /** @description For a page whose origin is among `CORS_ORIGINS`: that origin. Else there is none. */
          'Access-Control-Allow-Origin'?: string;
          /** @description How many requests (`q`) a caller has in a window of so many seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description How many requests are left (`r`), and for how many seconds the window lasts (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
    };
  };
}
