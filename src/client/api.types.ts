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
     * Check that the service responds
     * @description Needs no credentials and does not count against rate limits.
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
     * Check that the process is alive
     * @description Restart the process if this check does not respond.
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
     * Check whether the service is ready for requests
     * @description Send no traffic while this check answers 503.
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
     * @description The turn is stored in the session before the answer is sent. Needs the scope `chat`.
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
     * @description An error before the run starts is an ordinary error response. A later failure is the last event,
     *     `run.failed`. A repeat with the same `Idempotency-Key` joins the run, after `Last-Event-ID` if it is sent. Needs the scope `chat`.
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
     * Run an agent and get one answer, or events
     * @description With `Accept: text/event-stream` the answer is a stream of events, and the last event has all of it. An
     *     error before the run starts is an ordinary error response. A later failure of a stream is its last event,
     *     `run.failed`. A repeat with the same `Idempotency-Key` gets the same answer, or joins its events after
     *     `Last-Event-ID`, if it is sent. Needs the scope `chat`.
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
     * @description Their roles are the values of `agent_role`. A key sees only the agents that it may run. Needs the scope `chat`.
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
  '/api/v1/agent/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List runs
     * @description Chats, streams and tasks, newest first. With `sessions:read`: those of all callers. Tasks only with the
     *     scope `tasks`. A page may have fewer items than `limit` although another follows: it reads at most 5000 runs. Needs the scope `chat`.
     */
    get: operations['runs_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/runs/{run_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a run
     * @description Returns its status, the times of its turns and tool calls, and its result or error once it has ended. The
     *     caller may read the runs that the list has. Needs the scope `chat`.
     */
    get: operations['runs_get'];
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
     * Read the events of a run
     * @description Sends the events after `Last-Event-ID` (or `?after=`), then each new event. 204 if the caller has all of
     *     them. A run of `/chat/stream` waits for a grace period until its readers return. Tasks need the scope `tasks`. Needs the scope `chat`.
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
     * @description Stops its model calls and tools on any replica. Late results change nothing. Tasks need the scope `tasks`. Needs the scope `chat`.
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
     * Approve or reject a tool call of a run
     * @description The run has sent `approval.required` and waits. Only the first decision counts. A repeat of it by
     *     the same caller gets the current state. The scope `approvals` suffices too; with REQUIRE_APPROVALS_SCOPE it is required. Needs the scope `chat`.
     */
    post: operations['runs_decide'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/agent/runs/{run_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a run
     * @description As in version 1, with the cost of each model call, and the times in which the run waited. Needs the scope `chat`.
     */
    get: operations['runsv2_get'];
    put?: never;
    post?: never;
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
     * Read the events of a run
     * @description Sends the events after `Last-Event-ID` (or `?after=`), then each new event. 204 if the caller has all of
     *     them. The last event has the form of version 2, also for runs that version 1 has started. Tasks need the scope
     *     `tasks`. Needs the scope `chat`.
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
  '/api/v1/agent/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what waits for a decision
     * @description Tool calls of streams and tasks, oldest first. A caller with only `chat` or `tasks` gets those of their own
     *     runs. Needs the scope `approvals`.
     */
    get: operations['approvals_list'];
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
     * @description The session with the newest turn comes first. Needs the scope `sessions:read`.
     */
    get: operations['sessions_list'];
    put?: never;
    post?: never;
    /**
     * Erase all sessions of an end user
     * @description Also erases all other data of these sessions. Runs for the end user are cancelled first. 204 also if the
     *     end user has no sessions. Needs the scope `sessions:write`.
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
     * @description Its messages have their own route. Needs the scope `sessions:read`.
     */
    get: operations['sessions_get'];
    put?: never;
    post?: never;
    /**
     * Erase a session
     * @description Also erases its messages, runs and all other data. A running run is cancelled first. Needs the scope `sessions:write`.
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
  '/api/v2/agent/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List sessions
     * @description The session with the newest turn comes first. The title of a session is its first question, shortened. Needs the scope `sessions:read`.
     */
    get: operations['sessionsv2_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v2/agent/sessions/{session_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a session
     * @description With its title, the session that it forks, and the calls that wait for results of the caller. Needs the scope `sessions:read`.
     */
    get: operations['sessionsv2_get'];
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
     * @description The task is on disk when this responds, and survives a crash of the service. Poll it, follow its events,
     *     or have its outcome posted to `webhook_url`. Needs the scope `tasks`.
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
     * @description Returns its status, and its result or error once it has ended. Needs the scope `tasks`.
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
     * @description Stops its model calls and tools on whichever replica runs it. Late results change nothing. Needs the scope `tasks`.
     */
    post: operations['tasks_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/tasks/{task_id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Retry a failed or cancelled task
     * @description Starts a new task after the last finished step of that one. Finished steps are not repeated. The new task
     *     has the scopes and the budget of this caller, and the end user of that one. Needs the scope `tasks`.
     */
    post: operations['tasks_retry'];
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
     * Read the events of a task, from any event on
     * @description Sends the events after `Last-Event-ID` (or `?after=`), then each new one. 204 if the caller has all
     *     events. Needs the scope `tasks`.
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
     * Approve or reject a tool call of a task
     * @description The task waits for the decision, for days if needed. Only the first decision counts. A repeat of it by the same caller
     *     gets the current state. The scope `approvals` suffices too; with REQUIRE_APPROVALS_SCOPE it is required. Without the
     *     scope `tasks`, and for the task of another end user, the answer has neither `result` nor `error`. Needs the scope `tasks`.
     */
    post: operations['tasks_decide'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhooks
     * @description Newest first, with their tries. End users see the webhooks of their own tasks. Needs the scope `tasks`.
     */
    get: operations['webhooks_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/agent/webhooks/{webhook_id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a webhook again
     * @description Posts the same body with the same `webhook-id` and a new signature, now. A `pending` webhook becomes due. Needs the scope `tasks`.
     */
    post: operations['webhooks_redeliver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/admin/tenants/{tenant}/webhook-secrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the webhook secrets of a tenant
     * @description For the receivers of this tenant. They cannot sign for the receivers of another one. The audit records
     *     each call. Needs the scope `admin`.
     */
    get: operations['webhook_secrets_get'];
    put?: never;
    post?: never;
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
     * @description Includes revoked keys, newest first. Covers all tenants unless `tenant` is set. Needs the scope `admin`.
     */
    get: operations['keys_list'];
    put?: never;
    /**
     * Create a key
     * @description Only this response contains the key. The service stores only its hash. Needs the scope `admin`.
     */
    post: operations['keys_create'];
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
     * @description Revocation is permanent and reaches all replicas within a second. It also ends streams, sockets and chats.
     *     The unfinished tasks of the key are cancelled, unless `keep_tasks` is true. Needs the scope `admin`.
     */
    delete: operations['keys_revoke'];
    options?: never;
    head?: never;
    /**
     * Change a key
     * @description Its secret stays. A field that is left out stays; null removes the limit. New calls follow within a second. Needs the scope `admin`.
     */
    patch: operations['keys_update'];
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
     * Rotate a key
     * @description Replaces the secret; scopes and limits stay. The old secret stays valid for `overlap_seconds`, so that
     *     clients can switch over. Needs the scope `admin`.
     */
    post: operations['keys_rotate'];
    delete?: never;
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
     * @description Shows the releases of the process that answers, and whether it has accepted the last change of the folder. Needs the scope `admin`.
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
  '/api/v1/admin/switches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what is stopped
     * @description By kind and name. Needs the scope `admin`.
     */
    get: operations['switches_list'];
    /**
     * Stop a role, a tool or a tenant, or let it run again
     * @description Reaches all replicas within a second. New runs are refused with `stopped`, tasks wait in the queue. Active
     *     runs end after their current step. Returns all that is stopped. Needs the scope `admin`.
     */
    put: operations['switches_set'];
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
     * Read the usage
     * @description Counts runs that have ended, also failed runs. Costs cover the models that have a price. The holder of a
     *     token gets only their own usage. A key with `X-End-User` is refused: the usage of a key is not stored by end user. Needs the scope `usage:read`.
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
  '/api/v1/admin/budgets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the budgets of this month
     * @description Those of all tenants, or of one. First come the tenants that have used some, the highest cost first. Then
     *     come the keys that have a budget, the newest first. At most 500 of each. Needs the scope `admin`.
     */
    get: operations['usage_budgets'];
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
     * List audit entries
     * @description Returns the actions on keys, sessions and approvals, and all exports and erasures, newest first.
     *     Covers all tenants unless `tenant` is set. Needs the scope `admin`.
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
     * Export the audit chain
     * @description Returns every entry of all tenants, oldest first, one per line. `npm run audit -- verify FILE` checks that
     *     the chain is complete and unchanged. Needs the scope `admin`.
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
     * @description Includes its messages, its summary, and its runs with their events, steps and approvals. Needs the scope `sessions:read`.
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
     * @description Includes all sessions of the end user, and the audit entries about them. End users can export only their
     *     own data. 404 if no data of the end user is stored. Needs the scope `sessions:read`.
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
     * @description Runs for the end user are cancelled first. A repeat erases what is left, if anything. Audit entries stay,
     *     but can no longer be linked to the end user. Needs the scope `sessions:write`.
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
     * @description Includes its API keys, but not their hashes. Needs the scope `admin`.
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
     * @description Revokes its keys, cancels its runs and erases all its data. Usage stays for billing, and so does the
     *     audit. A repeat erases what is left, if anything. Needs the scope `admin`.
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
     * @description Chats, subscriptions, cancellations and approvals over one connection. Each message is one JSON object,
     *     sent as text, of at most 256 KiB. The client sends `ChatFrame`, `SubscribeFrame`, `CancelFrame` and `ApproveFrame`.
     *     Each has an `id` that the client chooses, and counts as a request. The service sends the events of
     *     `POST /chat/stream` with that `id` added. It answers with `RunStateFrame` if a frame is done at once. It answers
     *     with `ErrorFrame` if a frame is refused or fails; the socket stays open. A socket has at most 32 chats and
     *     subscriptions. The service closes it with 1001 at shutdown or after an hour without use. It uses 1008 if the rate
     *     limit refuses 20 frames within a minute. It uses 1013 if the client reads too slowly. A client that reconnects within
     *     the grace period continues with `subscribe` and `after`. Needs the scope `chat`.
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
      status: 'unavailable' | 'ok';
      /**
       * @example ok
       * @enum {string}
       */
      database: 'ok' | 'down';
      /**
       * @description Only present if REDIS_URL is set.
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
       * @description The path of the field; dots separate nested fields.
       * @example temperature
       */
      field: string;
      /**
       * @description The rule that the field must satisfy.
       * @example temperature must not be greater than 2
       */
      message: string;
    };
    ErrorResponse: {
      /**
       * @description A human-readable explanation.
       * @example temperature must not be greater than 2
       */
      detail: string | null;
      /**
       * @description The id of the request, as in `X-Request-Id`.
       * @example 0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11
       */
      request_id: string;
      /** @description Only for `validation_failed`. */
      errors?: components['schemas']['FieldError'][];
      /**
       * @description The stable error code.
       * @example validation_failed
       * @enum {string}
       */
      error:
        | 'malformed_request'
        | 'unauthenticated'
        | 'forbidden'
        | 'approval_by_requester'
        | 'quota_exceeded'
        | 'not_found'
        | 'session_not_found'
        | 'run_not_found'
        | 'task_not_found'
        | 'method_not_allowed'
        | 'session_busy'
        | 'run_cancelled'
        | 'idempotency_key_in_use'
        | 'answer_not_stored'
        | 'task_already_finished'
        | 'task_not_retryable'
        | 'approval_required'
        | 'approval_already_decided'
        | 'approval_expired'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'validation_failed'
        | 'idempotency_key_reused'
        | 'guardrail_tripped'
        | 'context_length_exceeded'
        | 'content_filtered'
        | 'tool_results_required'
        | 'rate_limited'
        | 'token_budget_exhausted'
        | 'client_closed_request'
        | 'internal_error'
        | 'model_error'
        | 'model_output_invalid'
        | 'model_unavailable'
        | 'model_rate_limited'
        | 'overloaded'
        | 'stopped'
        | 'draining'
        | 'storage_unavailable'
        | 'identity_unavailable'
        | 'run_interrupted'
        | 'agent_timeout'
        | 'request_timeout';
    };
    ProblemDetails: {
      /**
       * @description A human-readable explanation.
       * @example temperature must not be greater than 2
       */
      detail: string | null;
      /**
       * @description The id of the request, as in `X-Request-Id`.
       * @example 0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11
       */
      request_id: string;
      /** @description Only for `validation_failed`. */
      errors?: components['schemas']['FieldError'][];
      /** @example about:blank */
      type: string;
      /**
       * @description The reason phrase of the status.
       * @example Unprocessable Entity
       */
      title: string;
      /**
       * Format: int32
       * @example 422
       */
      status: number;
      /**
       * @description The stable error code.
       * @example validation_failed
       * @enum {string}
       */
      error:
        | 'malformed_request'
        | 'unauthenticated'
        | 'forbidden'
        | 'approval_by_requester'
        | 'quota_exceeded'
        | 'not_found'
        | 'session_not_found'
        | 'run_not_found'
        | 'task_not_found'
        | 'method_not_allowed'
        | 'session_busy'
        | 'run_cancelled'
        | 'idempotency_key_in_use'
        | 'answer_not_stored'
        | 'task_already_finished'
        | 'task_not_retryable'
        | 'approval_required'
        | 'approval_already_decided'
        | 'approval_expired'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'validation_failed'
        | 'idempotency_key_reused'
        | 'guardrail_tripped'
        | 'context_length_exceeded'
        | 'content_filtered'
        | 'tool_results_required'
        | 'rate_limited'
        | 'token_budget_exhausted'
        | 'client_closed_request'
        | 'internal_error'
        | 'model_error'
        | 'model_output_invalid'
        | 'model_unavailable'
        | 'model_rate_limited'
        | 'overloaded'
        | 'stopped'
        | 'draining'
        | 'storage_unavailable'
        | 'identity_unavailable'
        | 'run_interrupted'
        | 'agent_timeout'
        | 'request_timeout';
    };
    AgentRequest: {
      /**
       * @description The session to resume, or to start under this id. Default: a new session.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description The sampling temperature of the model.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description The message to the agent.
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
       * @description The model that answered, as its provider names it; `offline` for the built-in model.
       * @example gpt-4o
       */
      model: string;
      /** @example 812.4 */
      processing_time_ms: number;
      /** @description Present if the model's output limit truncated the reply. */
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
    RunWaiting: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * Format: int64
       * @description 1, 2, 3 … within the run; also the `id` of the event.
       * @example 1
       */
      sequence: number;
      /**
       * @description `retry`: the model provider failed. `approval`: a tool call waits for a decision.
       * @example retry
       * @enum {string}
       */
      reason: 'retry' | 'approval';
      /**
       * Format: date-time
       * @description The end of the wait. Absent: it has no limit.
       * @example 2026-01-02T03:04:09.123Z
       */
      until?: string;
      /** @enum {string} */
      type: 'run.waiting';
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
       * @description The arguments, converted to the tool's schema.
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
       * @description The output that the model received.
       * @example 42
       */
      output?: string;
      /** @description Why the call failed. Replaces `output`. */
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
       * @description The arguments that the tool will receive.
       * @example {
       *       "amount": 100
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
      /**
       * @description `another`: the caller or end user who started the run cannot decide. Omitted: they can.
       * @example another
       * @enum {string}
       */
      by?: 'another';
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
      /** @description The whole answer, the same as from `/chat`. */
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
      /** @description The error, the same as from `/chat`. */
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
       * @description The arguments as the model sent them: an object, or the text if it is not a JSON object.
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
       * @description The first 16,384 characters of the output that the model received. A failed call has `error` instead.
       * @example 42
       */
      output?: string;
      /** @description Why the call failed. */
      error?: string;
      /** @example 1.2 */
      duration_ms: number;
    };
    ChatPendingCall: {
      /** @example call_1 */
      call_id: string;
      /** @example get_weather */
      tool: string;
      /**
       * @description The JSON text of an object, as the model wrote it. It may not match the schema of the tool.
       * @example {city: Oslo}
       */
      arguments: string;
    };
    ChatUsage: {
      /**
       * Format: int64
       * @example 40
       */
      input_tokens: number;
      /**
       * Format: int64
       * @description Input tokens that the provider read from its cache.
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
       * @description Output tokens that the model used for reasoning.
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
       * @description The cost in US dollars. Left out if no price is known.
       * @example 0.00027
       */
      cost?: number;
    };
    ChatResponse: {
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The run after whose turn the session begins, if this run has forked it.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      forked_from?: string;
      /** @example It offers agents over REST. */
      output: string;
      /**
       * @description The parsed `output`, if `output_schema` or the agent defines its shape.
       * @example {
       *       "city": "Oslo"
       *     }
       */
      output_parsed?: {
        [key: string]: unknown;
      };
      /** @description The tool calls, in the order in which the model requested them. */
      tool_calls: components['schemas']['ChatToolCall'][];
      /**
       * @description `length`: the model's output limit truncated the answer. `tool_calls`: the run ended with `pending_calls`.
       * @example stop
       * @enum {string}
       */
      finish_reason: 'stop' | 'length' | 'tool_calls';
      /** @description The calls that the caller makes, if the run ended with some. The next run of the session brings their results. */
      pending_calls?: components['schemas']['ChatPendingCall'][];
      /**
       * @description The model that answered, as its provider names it; `offline` for the built-in model.
       * @example gpt-4o
       */
      model: string;
      /**
       * @description The release that answered.
       * @example default
       */
      release: string;
      /** @example 812.4 */
      processing_time_ms: number;
      /**
       * @description The metadata of the request.
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
      /** @description The whole answer, the same as the JSON response. */
      response: components['schemas']['ChatResponse'];
    };
    DeveloperMessage: {
      /** @enum {string} */
      role: 'system' | 'developer';
      /** @example The user is in Oslo. */
      content: string;
    };
    UserMessage: {
      /** @enum {string} */
      role: 'user';
      /** @example Is it cold? */
      content: string | (components['schemas']['TextPart'] | components['schemas']['ImagePart'])[];
    };
    TranscriptCall: {
      /** @example call_1 */
      call_id: string;
      /** @example get_weather */
      tool: string;
      /** @example {city: Oslo} */
      arguments: string;
    };
    AssistantMessage: {
      /** @enum {string} */
      role: 'assistant';
      /** @example I look it up. */
      content?: string;
      tool_calls?: components['schemas']['TranscriptCall'][];
    };
    ResultMessage: {
      /** @enum {string} */
      role: 'tool';
      /** @example call_1 */
      call_id: string;
      /** @example {celsius: 7} */
      output: string;
    };
    TextPart: {
      /** @example What is on this picture? */
      text: string;
      /** @enum {string} */
      type: 'text';
    };
    ImagePart: {
      /**
       * @description A public `https:` URL of at most 2,048 characters, which the model's provider fetches. Or a `data:` URL with a PNG,
       *     JPEG, WebP or GIF in base64.
       * @example https://app.example.com/nest.jpg
       */
      url: string;
      /** @enum {string} */
      type: 'image_url';
    };
    CallerTool: {
      /** @example get_weather */
      name: string;
      /** @example The weather of a city */
      description?: string;
      /**
       * @description JSON Schema of the arguments, of type `object`. The service does not check the arguments.
       * @example {
       *       "type": "object",
       *       "properties": {
       *         "city": {
       *           "type": "string",
       *           "maxLength": 100
       *         }
       *       },
       *       "required": [
       *         "city"
       *       ]
       *     }
       */
      parameters?: {
        [key: string]: unknown;
      };
      /**
       * @description True if the schema satisfies the strict mode of the provider, which refuses any other.
       * @default false
       */
      strict?: boolean;
    };
    CallerToolResult: {
      /** @example call_1 */
      call_id: string;
      /** @example "{"celsius": 7}" */
      output?: string;
      /** @description Why the call failed, for the model. */
      error?: string;
    };
    ChatRequest: {
      /**
       * @description The input for the agent: a text, or a list of text and image parts. It may be left out if there are `messages` or
       *     `tool_results`.
       * @example What does a rookery do?
       */
      input?: string | (components['schemas']['TextPart'] | components['schemas']['ImagePart'])[];
      /**
       * @description The session to resume, or to start under this id. Default: a new session.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description JSON Schema of the answer, of type `object` and at most 16,384 characters. It replaces the agent's own schema.
       *     `$ref` may only point into the schema itself. The model receives `format`, but `format` is not checked.
       * @example {
       *       "type": "object",
       *       "properties": {
       *         "city": {
       *           "type": "string",
       *           "maxLength": 100
       *         }
       *       },
       *       "required": [
       *         "city"
       *       ]
       *     }
       */
      output_schema?: {
        [key: string]: unknown;
      };
      /**
       * @description Data of the caller that the answer returns: at most 16 pairs, with names of at most 64 characters.
       * @example {
       *       "ticket": "4711"
       *     }
       */
      metadata?: {
        [key: string]: string;
      };
      /**
       * @description Whether the model must call tools: `auto`, `none`, `required`, `{ "name" }` for one tool, or `{ "allowed", "mode" }`
       *     for some. A call is required of the first model turn only.
       * @example auto
       */
      tool_choice?:
        | ('auto' | 'none' | 'required')
        | {
            name: string;
          }
        | {
            allowed: string[];
            /** @enum {string} */
            mode: 'auto' | 'required';
          };
      /**
       * @description How much the model reasons. Each model knows some of these.
       * @example low
       * @enum {string}
       */
      reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
      /** @description Tools that the caller executes: at most 64. The run ends with `pending_calls` if the model calls one. */
      tools?: components['schemas']['CallerTool'][];
      /** @description The results of all `pending_calls` of the last run of the session. */
      tool_results?: components['schemas']['CallerToolResult'][];
      /**
       * @description The conversation as the caller keeps it, in place of that of a session. With `session_id` the messages continue that
       *     session. Each call has its result in a later message. `input` follows the messages.
       */
      messages?: (
        | components['schemas']['DeveloperMessage']
        | components['schemas']['UserMessage']
        | components['schemas']['AssistantMessage']
        | components['schemas']['ResultMessage']
      )[];
      /** @description Begins a new session after the turn of this run, with all that its session had then. That session goes on as before. */
      fork_from?: string;
      /**
       * @description One of the offered roles.
       * @default assistant
       * @example assistant
       */
      agent_role?: string;
      /**
       * @description The sampling temperature of the model.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description Pins the release that answers. Default: the release that is chosen for the caller. Without the scope `releases:pin`
       *     it must be one that the flags could choose for the caller.
       * @example code
       */
      release?: string;
      /**
       * @description Instructions for this run, after the agent's own. Some agents refuse them.
       * @example Answer in Norwegian.
       */
      instructions?: string;
      /** @description False: the model makes at most one tool call in a turn. Default: as the model decides. */
      parallel_tool_calls?: boolean;
      /**
       * @description The maximum tokens of each answer of the model. The limit of the service holds too.
       * @example 500
       */
      max_output_tokens?: number;
      /**
       * @description The maximum tool calls of the run. Further calls are not made, and the model reads why.
       * @example 5
       */
      max_tool_calls?: number;
      /**
       * @description The share of the most likely tokens that the model samples from.
       * @example 0.9
       */
      top_p?: number;
      /** @description True: the session goes on without the results of `pending_calls` that are not in `tool_results`. */
      abandon_calls?: boolean;
      /**
       * @description False: nothing of the content is stored, neither in the session. Its events cannot be read again, and a repeat with
       *     the same `Idempotency-Key` gets no answer.
       */
      store?: boolean;
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
    RunSummary: {
      /**
       * @description The id of a task is also that of its run.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      run_id: string;
      /**
       * @description The last three are final.
       * @example completed
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
      /**
       * @description The entry point that started the run.
       * @example chat
       * @enum {string}
       */
      kind: 'chat' | 'stream' | 'task';
      /**
       * @description The agent that the run began with.
       * @example assistant
       */
      agent_role: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The end user that it runs for. Left out if it runs for the tenant.
       * @example ada
       */
      end_user?: string;
      /**
       * @description The model that answered. Before the answer: the model of the agent.
       * @example gpt-4o
       */
      model: string;
      /**
       * @description The release of the agent; `code`: the agent as coded.
       * @example code
       */
      release?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When a process first began the run.
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @description Number of attempts so far. It exceeds one if a process died or a task waited for an approval.
       * @example 1
       */
      attempt: number;
      /**
       * @description On `failed` and `cancelled` only: the code of the error.
       * @example agent_timeout
       */
      error_code?: string;
      /** @description Zero until the run has ended. */
      usage: components['schemas']['ChatUsage'];
    };
    RunPage: {
      items: components['schemas']['RunSummary'][];
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    RunTurn: {
      /**
       * @description Its place in the run: `2` is the second turn, `2.0/1` the first turn of an agent that call `2.0` asked.
       * @example 1
       */
      step: string;
      /** @example gpt-4o */
      model: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @description Left out while the model answers, and if the run ended meanwhile.
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @example 40
       */
      input_tokens: number;
      /**
       * Format: int64
       * @example 17
       */
      output_tokens: number;
    };
    RunToolCall: {
      /**
       * @description Its place in the run: `2.0` is the first call of turn `2`.
       * @example 1.0
       */
      step: string;
      /** @example calculate */
      tool: string;
      /** @example call_1 */
      call_id: string;
      /**
       * Format: date-time
       * @description Left out if the tool was not called: the call was refused, or it waits for an approval.
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @description Left out while the tool runs, and if the run ended meanwhile.
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @description How often the tool was called. It exceeds one if a process died during the call.
       * @example 1
       */
      tries: number;
      /**
       * @description True if the call failed or was refused.
       * @example false
       */
      is_error: boolean;
    };
    PendingApproval: {
      /** @example 01a20639-24c1-7000-8000-000000000000 */
      approval_id: string;
      /** @example send_invoice */
      tool: string;
      /**
       * @description The arguments of the call.
       * @example {
       *       "amount": 100
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
      /**
       * @description `another`: the caller or end user who started the run cannot decide. Omitted: they can.
       * @example another
       * @enum {string}
       */
      by?: 'another';
    };
    RunDetails: {
      /**
       * @description The id of a task is also that of its run.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      run_id: string;
      /**
       * @description The last three are final.
       * @example completed
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
      /**
       * @description The entry point that started the run.
       * @example chat
       * @enum {string}
       */
      kind: 'chat' | 'stream' | 'task';
      /**
       * @description The agent that the run began with.
       * @example assistant
       */
      agent_role: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The end user that it runs for. Left out if it runs for the tenant.
       * @example ada
       */
      end_user?: string;
      /**
       * @description The model that answered. Before the answer: the model of the agent.
       * @example gpt-4o
       */
      model: string;
      /**
       * @description The release of the agent; `code`: the agent as coded.
       * @example code
       */
      release?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When a process first began the run.
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @description Number of attempts so far. It exceeds one if a process died or a task waited for an approval.
       * @example 1
       */
      attempt: number;
      /**
       * @description On `failed` and `cancelled` only: the code of the error.
       * @example agent_timeout
       */
      error_code?: string;
      /** @description The model calls, in order. Those of a chat or stream are known once it has ended. */
      turns: components['schemas']['RunTurn'][];
      /** @description The tool calls, in the order in which the model requested them. */
      tool_calls: components['schemas']['RunToolCall'][];
      /** @description The tool calls that wait for approval. */
      pending_approvals?: components['schemas']['PendingApproval'][];
      /** @description On `completed` only: the answer. A chat without an `Idempotency-Key` stores none. */
      result?: components['schemas']['AgentResponse'];
      /** @description On `failed` and `cancelled` only. */
      error?: components['schemas']['ErrorResponse'];
      /** @description Zero until the run has ended. */
      usage: components['schemas']['ChatUsage'];
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
       * @description Why the call is rejected. The model reads it.
       * @example Too expensive.
       */
      reason?: string;
    };
    RunTurnV2: {
      /**
       * @description Its place in the run: `2` is the second turn, `2.0/1` the first turn of an agent that call `2.0` asked.
       * @example 1
       */
      step: string;
      /** @example gpt-4o */
      model: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @description Left out while the model answers, and if the run ended meanwhile.
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @example 40
       */
      input_tokens: number;
      /**
       * Format: int64
       * @example 17
       */
      output_tokens: number;
      /**
       * @description In US dollars, at the price when the run ended. Left out if the model has no price, or has not answered.
       * @example 0.0031
       */
      cost?: number;
    };
    RunWait: {
      /**
       * @description `queue`: for its begin. `approval`: for a decision. `retry`: an attempt had failed, or its process had died.
       * @example approval
       * @enum {string}
       */
      reason: 'queue' | 'approval' | 'retry';
      /**
       * @description With `approval`: the tool.
       * @example refund
       */
      tool?: string;
      /** Format: date-time */
      started_at: string;
      /**
       * Format: date-time
       * @description Left out while it waits.
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
    };
    RunDetailsV2: {
      /**
       * @description The id of a task is also that of its run.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      run_id: string;
      /**
       * @description The last three are final.
       * @example completed
       * @enum {string}
       */
      status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
      /**
       * @description The entry point that started the run.
       * @example chat
       * @enum {string}
       */
      kind: 'chat' | 'stream' | 'task';
      /**
       * @description The agent that the run began with.
       * @example assistant
       */
      agent_role: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The end user that it runs for. Left out if it runs for the tenant.
       * @example ada
       */
      end_user?: string;
      /**
       * @description The model that answered. Before the answer: the model of the agent.
       * @example gpt-4o
       */
      model: string;
      /**
       * @description The release of the agent; `code`: the agent as coded.
       * @example code
       */
      release?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When a process first began the run.
       * @example 2026-01-02T03:04:05.700Z
       */
      started_at?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      finished_at?: string;
      /**
       * Format: int64
       * @description Number of attempts so far. It exceeds one if a process died or a task waited for an approval.
       * @example 1
       */
      attempt: number;
      /**
       * @description On `failed` and `cancelled` only: the code of the error.
       * @example agent_timeout
       */
      error_code?: string;
      /**
       * @description The model calls, in order. Those of a chat or stream are known once it has ended.
       * @default []
       */
      turns: components['schemas']['RunTurnV2'][];
      /** @description The tool calls, in the order in which the model requested them. */
      tool_calls: components['schemas']['RunToolCall'][];
      /** @description The tool calls that wait for approval. */
      pending_approvals?: components['schemas']['PendingApproval'][];
      /** @description The times in which the run waited, oldest first. */
      waits: components['schemas']['RunWait'][];
      /** @description On `completed` only: the answer. A chat without an `Idempotency-Key` stores none. */
      result?: components['schemas']['AgentResponse'];
      /** @description On `failed` and `cancelled` only. */
      error?: components['schemas']['ErrorResponse'];
      /** @description Zero until the run has ended. */
      usage: components['schemas']['ChatUsage'];
    };
    WaitingApproval: {
      /** @example 01a20639-24c1-7000-8000-000000000000 */
      approval_id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /**
       * @description The same id, if the run is a task.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      task_id?: string;
      /** @example send_invoice */
      tool: string;
      /**
       * @description The arguments of the call.
       * @example {
       *       "amount": 100
       *     }
       */
      arguments: {
        [key: string]: unknown;
      };
      /**
       * @description `another`: the caller or end user who started the run cannot decide. Omitted: they can.
       * @example another
       * @enum {string}
       */
      by?: 'another';
      /**
       * @description The agent that the run began with.
       * @example assistant
       */
      agent_role: string;
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The end user that the run is for. Omitted if it is for the tenant.
       * @example ada
       */
      end_user?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When the run fails without a decision. Omitted: never.
       * @example 2026-01-09T03:04:05.678Z
       */
      expires_at?: string;
    };
    ApprovalPage: {
      items: components['schemas']['WaitingApproval'][];
      /** @description The cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    Session: {
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The agent role of its last run.
       * @example assistant
       */
      agent_role: string;
      /**
       * @description The end user that owns it: the `sub` of a token, or `X-End-User`. Omitted if it belongs to the tenant.
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
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    Message: {
      /** @example 0d9c2f5e-7a36-4f6d-8b53-0a6f0a7de7a4 */
      message_id: string;
      /** @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61 */
      run_id: string;
      /** @example What does a rookery do? */
      content: string;
      /** @description On role `tool` only: the name of the tool. */
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
      role: 'tool' | 'user' | 'assistant';
    };
    MessagePage: {
      items: components['schemas']['Message'][];
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    SessionV2: {
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The agent role of its last run.
       * @example assistant
       */
      agent_role: string;
      /**
       * @description The end user that owns it: the `sub` of a token, or `X-End-User`. Omitted if it belongs to the tenant.
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
      /**
       * @description Its first question, shortened: of a fork its own, or that of the forked session. Left out if that has no text.
       * @example What does a rookery do?
       */
      title?: string;
      /**
       * @description On forks only: the run after whose turn it begins. Left out once the forked session is erased.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      forked_from?: string;
      /**
       * @description On forks only: the session of that run.
       * @example holiday-plans
       */
      forked_session_id?: string;
    };
    SessionPageV2: {
      items: components['schemas']['SessionV2'][];
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    SessionPendingCall: {
      /** @example call_1 */
      call_id: string;
      /** @example get_weather */
      tool: string;
      /**
       * @description The JSON text of an object, as the model wrote it. It may not match the schema of the tool.
       * @example {city: Oslo}
       */
      arguments: string;
    };
    SessionDetailsV2: {
      /** @example holiday-plans */
      session_id: string;
      /**
       * @description The agent role of its last run.
       * @example assistant
       */
      agent_role: string;
      /**
       * @description The end user that owns it: the `sub` of a token, or `X-End-User`. Omitted if it belongs to the tenant.
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
      /**
       * @description Its first question, shortened: of a fork its own, or that of the forked session. Left out if that has no text.
       * @example What does a rookery do?
       */
      title?: string;
      /**
       * @description On forks only: the run after whose turn it begins. Left out once the forked session is erased.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      forked_from?: string;
      /**
       * @description On forks only: the session of that run.
       * @example holiday-plans
       */
      forked_session_id?: string;
      /** @description The calls with which its last run ended, if their results are missing. The next run brings them. */
      pending_calls?: components['schemas']['SessionPendingCall'][];
    };
    TaskRequest: {
      /**
       * @description The session to resume, or to start under this id. Default: a new session.
       * @example holiday-plans
       */
      session_id?: string;
      /**
       * @description The sampling temperature of the model.
       * @default 0.7
       * @example 0.7
       */
      temperature?: number;
      /**
       * @description The message to the agent.
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
       * @description The https URL to which the task is posted when it has finished or needs an approval. It must not lead to a private address.
       * @example https://app.example.com/hooks/rookery
       */
      webhook_url?: string;
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
       * @description When a worker first claimed the task.
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
       * @description Number of attempts so far. It exceeds one if a process died or the task waited for an approval.
       * @example 1
       */
      attempt: number;
      /**
       * @description The failed or cancelled task from whose journal this one continues.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b60
       */
      retry_of?: string;
      /** @description Mainly on `waiting_approval`: the tool calls that wait for approval. */
      pending_approvals?: components['schemas']['PendingApproval'][];
      /** @description On `completed` only: the response that `/chat` would have returned. */
      result?: components['schemas']['AgentResponse'];
      /** @description On `failed` and `cancelled` only. */
      error?: components['schemas']['ErrorResponse'];
    };
    TaskPage: {
      items: components['schemas']['TaskResponse'][];
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    WebhookDelivery: {
      /**
       * @description The `webhook-id` of its posts.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      webhook_id: string;
      /**
       * @description The task that it reports, or that needs an approval. Absent: it warns of a budget.
       * @example f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61
       */
      task_id?: string;
      /**
       * @description The receiver. A query is replaced by `***`, because it may hold a secret.
       * @example https://app.example.com/hooks/rookery?***
       */
      url: string;
      /**
       * @description `pending` until a post was delivered, or until the last one has failed.
       * @example pending
       * @enum {string}
       */
      status: 'pending' | 'delivered' | 'given_up';
      /**
       * Format: int64
       * @description Number of posts so far. A redelivery counts anew.
       * @example 2
       */
      attempts: number;
      /**
       * Format: date-time
       * @description When the task ended or needed an approval, or when the budget was warned of.
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.700Z
       */
      first_tried_at?: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:08.123Z
       */
      last_tried_at?: string;
      /**
       * Format: date-time
       * @description On `pending` only: when the next post is due.
       * @example 2026-01-02T03:04:12.456Z
       */
      next_at?: string;
      /**
       * Format: date-time
       * @description On `delivered` and `given_up` only.
       * @example 2026-01-02T03:04:12.789Z
       */
      finished_at?: string;
      /**
       * @description Why the last post failed. Never text of the receiver.
       * @example status 500
       */
      last_error?: string;
    };
    WebhookPage: {
      items: components['schemas']['WebhookDelivery'][];
      /** @description Cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    WebhookSecrets: {
      /** @example acme */
      tenant: string;
      /**
       * @description `shared`: these secrets do not sign yet. `both`: they sign beside the shared ones. `tenant`: they alone sign.
       * @example both
       * @enum {string}
       */
      signing: 'shared' | 'both' | 'tenant';
      /**
       * @description One for each configured secret, in their order. A post has a signature of each.
       * @example [
       *       "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
       *     ]
       */
      secrets: string[];
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
      scopes: (
        | 'chat'
        | 'tasks'
        | 'approvals'
        | 'sessions:read'
        | 'sessions:write'
        | 'usage:read'
        | 'metrics'
        | 'releases:pin'
        | 'admin'
      )[];
      /**
       * Format: date-time
       * @description Default: as `KEY_TTL_DAYS` and `KEY_MAX_DAYS` say, or the key does not expire.
       * @example 2100-01-02T03:04:05Z
       */
      expires_at?: string;
      /**
       * Format: int32
       * @description Replaces the limit that applies to all callers.
       * @example 600
       */
      requests_per_minute?: number;
      /**
       * Format: int64
       * @example 1000000
       */
      tokens_per_month?: number;
      /**
       * @description Whether each call must name an end user in `X-End-User`. Default: as `REQUIRE_END_USER` says.
       * @example required
       * @enum {string}
       */
      end_user?: 'required' | 'optional';
      /**
       * @description The agents that the key may run. Default: all.
       * @example [
       *       "assistant"
       *     ]
       */
      agent_roles?: string[];
      /**
       * @description The models whose agents the key may run. Default: all.
       * @example [
       *       "gpt-4o-mini"
       *     ]
       */
      models?: string[];
      /**
       * @description The addresses and networks of its callers. Default: any address.
       * @example [
       *       "203.0.113.0/24"
       *     ]
       */
      ip_ranges?: string[];
      /**
       * @description A label for people: the owner or the purpose.
       * @example web shop
       */
      name: string;
      /**
       * @description In US dollars, at the prices of `PRICES_FILE`.
       * @example 25
       */
      cost_per_month?: number;
    };
    MadeKey: {
      /**
       * @description The public part of the key.
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
      scopes: (
        | 'chat'
        | 'tasks'
        | 'approvals'
        | 'sessions:read'
        | 'sessions:write'
        | 'usage:read'
        | 'metrics'
        | 'releases:pin'
        | 'admin'
      )[];
      /** Format: int32 */
      requests_per_minute?: number;
      /** Format: int64 */
      tokens_per_month?: number;
      /** @description In US dollars. */
      cost_per_month?: number;
      /**
       * @example required
       * @enum {string}
       */
      end_user?: 'required' | 'optional';
      /**
       * @example [
       *       "assistant"
       *     ]
       */
      agent_roles?: string[];
      /**
       * @example [
       *       "gpt-4o-mini"
       *     ]
       */
      models?: string[];
      /**
       * @example [
       *       "203.0.113.0/24"
       *     ]
       */
      ip_ranges?: string[];
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * @description The id of the principal that created it.
       * @example key:8796a5b4c3d2e1f0
       */
      created_by: string;
      /** Format: date-time */
      expires_at?: string;
      /** Format: date-time */
      revoked_at?: string;
      /**
       * Format: date-time
       * @description Accurate to one minute.
       */
      last_used_at?: string;
      /**
       * @description The key in plain text. It is shown only once.
       * @example rookery_0f1e2d3c4b5a6978_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA28sArK
       */
      key: string;
    };
    ApiKey: {
      /**
       * @description The public part of the key.
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
      scopes: (
        | 'chat'
        | 'tasks'
        | 'approvals'
        | 'sessions:read'
        | 'sessions:write'
        | 'usage:read'
        | 'metrics'
        | 'releases:pin'
        | 'admin'
      )[];
      /** Format: int32 */
      requests_per_minute?: number;
      /** Format: int64 */
      tokens_per_month?: number;
      /** @description In US dollars. */
      cost_per_month?: number;
      /**
       * @example required
       * @enum {string}
       */
      end_user?: 'required' | 'optional';
      /**
       * @example [
       *       "assistant"
       *     ]
       */
      agent_roles?: string[];
      /**
       * @example [
       *       "gpt-4o-mini"
       *     ]
       */
      models?: string[];
      /**
       * @example [
       *       "203.0.113.0/24"
       *     ]
       */
      ip_ranges?: string[];
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      created_at: string;
      /**
       * @description The id of the principal that created it.
       * @example key:8796a5b4c3d2e1f0
       */
      created_by: string;
      /** Format: date-time */
      expires_at?: string;
      /** Format: date-time */
      revoked_at?: string;
      /**
       * Format: date-time
       * @description Accurate to one minute.
       */
      last_used_at?: string;
    };
    KeyPage: {
      items: components['schemas']['ApiKey'][];
      /** @description The cursor of the next page; null on the last page. */
      next_cursor: string | null;
    };
    KeyChanges: {
      /**
       * @example [
       *       "chat",
       *       "tasks"
       *     ]
       */
      scopes?: (
        | 'chat'
        | 'tasks'
        | 'approvals'
        | 'sessions:read'
        | 'sessions:write'
        | 'usage:read'
        | 'metrics'
        | 'releases:pin'
        | 'admin'
      )[];
      /**
       * Format: date-time
       * @example 2100-01-02T03:04:05Z
       */
      expires_at?: string | null;
      /**
       * Format: int32
       * @example 600
       */
      requests_per_minute?: number | null;
      /**
       * Format: int64
       * @example 1000000
       */
      tokens_per_month?: number | null;
      /**
       * @description In US dollars, at the prices of `PRICES_FILE`.
       * @example 25
       */
      cost_per_month?: number | null;
      /**
       * @description Null: as `REQUIRE_END_USER` says.
       * @example required
       * @enum {string|null}
       */
      end_user?: 'required' | 'optional' | null;
      /**
       * @example [
       *       "assistant"
       *     ]
       */
      agent_roles?: string[] | null;
      /**
       * @example [
       *       "gpt-4o-mini"
       *     ]
       */
      models?: string[] | null;
      /**
       * @example [
       *       "203.0.113.0/24"
       *     ]
       */
      ip_ranges?: string[] | null;
      /** @example web shop */
      name?: string;
    };
    KeyRotation: {
      /**
       * Format: int32
       * @description Seconds for which the old secret stays valid.
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
      /**
       * @description The share of new sessions that gets it, from 0 to 1. Left out if it depends on more than the session, and if the flags
       *     are not those of the folder.
       * @example 0.1
       */
      share?: number;
    };
    ReleaseList: {
      /** @description The releases, in the order of their files. */
      items: components['schemas']['OfferedRelease'][];
      /**
       * @description The source of the flags that choose releases.
       * @enum {string}
       */
      flags: 'none' | 'folder' | 'flagd' | 'provider';
      /**
       * Format: date-time
       * @description When the folder was last accepted. Left out without a folder.
       */
      taken_at?: string;
      /**
       * @description Why the last change of the folder was refused. Left out if it was accepted.
       * @example "flags.yaml: flag "release.assistant": its variant "new" names no release: "assistant-9""
       */
      refused?: string;
    };
    SwitchChange: {
      /**
       * @example role
       * @enum {string}
       */
      kind: 'role' | 'tool' | 'tenant';
      /**
       * @description The role of the agent, the name of the tool as the model reads it, or the tenant.
       * @example researcher
       */
      name: string;
      /**
       * @description False lets it run again.
       * @example true
       */
      stopped: boolean;
      /**
       * @description Callers and the model read it.
       * @example maintenance until noon
       */
      reason?: string;
    };
    Switch: {
      /**
       * @example role
       * @enum {string}
       */
      kind: 'role' | 'tool' | 'tenant';
      /** @example researcher */
      name: string;
      /** @example maintenance until noon */
      reason?: string;
      /**
       * @description The id of the principal that stopped it.
       * @example key:8796a5b4c3d2e1f0
       */
      stopped_by: string;
      /**
       * Format: date-time
       * @example 2026-01-02T03:04:05.678Z
       */
      stopped_at: string;
    };
    SwitchList: {
      items: components['schemas']['Switch'][];
    };
    UsageItem: {
      /**
       * Format: date
       * @description With `group_by=day`: the day, UTC.
       * @example 2026-01-31
       */
      day?: string;
      /** @description With `group_by=key`: the id of the key or, without a key, of the caller. `erased`: erased end users. */
      key?: string;
      /** @description With `group_by=role`: the role. */
      role?: string;
      /** @description With `group_by=model`: the provider's name of the model. */
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
       * @description The cost in US dollars of the models that have a price.
       * @example 0.1754275
       */
      cost: number;
    };
    UsageReport: {
      items: components['schemas']['UsageItem'][];
    };
    Budget: {
      /** @example acme */
      tenant: string;
      /**
       * @description The key. Left out if the budget is that of the whole tenant.
       * @example 8796a5b4c3d2e1f0
       */
      key_id?: string;
      /**
       * @description The name of the key.
       * @example Help desk
       */
      key_name?: string;
      /**
       * Format: int64
       * @description The used tokens.
       * @example 34567
       */
      tokens: number;
      /**
       * @description The used US dollars.
       * @example 0.1754275
       */
      cost: number;
      /**
       * Format: int64
       * @description The tokens that may be used. Left out: no limit.
       * @example 1000000
       */
      tokens_per_month?: number;
      /**
       * @description The US dollars that may be used. Left out: no limit.
       * @example 20
       */
      cost_per_month?: number;
    };
    BudgetList: {
      items: components['schemas']['Budget'][];
    };
    AuditEntry: {
      /**
       * Format: int64
       * @description 1, 2, 3 … without gaps, across all tenants.
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
       * @description The id of the principal that acted; for an end user, a pseudonym.
       * @example key:8796a5b4c3d2e1f0
       */
      actor: string;
      /** @description The pseudonym of the end user whose data is affected; null: the data of the tenant. */
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
      /** @description The id of the request that caused the action; null: no request caused it. */
      request_id: string | null;
      /**
       * @description The hash of the previous entry.
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
      /** @description The cursor of the next page; null on the last page. */
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
       * @description Chosen by the client. Every answer to this frame carries it.
       * @example 1
       */
      id: string;
      /** @description Same as the body of `POST /chat/stream`. */
      request: components['schemas']['AgentRequest'];
    };
    SubscribeFrame: {
      /**
       * Format: int32
       * @description The sequence of the last event that the client has. Default: send all events.
       * @example 3
       */
      after?: number;
      /** @enum {string} */
      type: 'subscribe';
      /** @example 2 */
      id: string;
      /**
       * @description Send either this or `task_id`.
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
       * @description Why the call is rejected. The model reads it.
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
      /** @description Null if the frame has no readable id. */
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
      /** @description Check that the service responds */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
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
      /** @description Check that the process is alive */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
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
      /** @description Check whether the service is ready for requests */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description A dependency is down, or the service is draining. */
      503: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
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
        /** @description Identifies this request for 24 hours. A repeat gets the first answer with `Idempotent-Replayed: true`. */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `quota_exceeded`: The tenant has as many sessions or as much data as it may. Delete some of it. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run is using this session. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `run_cancelled`: The run was cancelled. `approval_required`: A tool of this agent needs an approval, but this call cannot wait for one. Use a task or a stream. */
      409: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `tool_results_required`: The last run of the session waits for results of the caller. Send them in tool_results. `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail rejected the input or the output. */
      422: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `model_error`: The model provider failed or cut off its answer. `model_output_invalid`: The answer of the model does not match the requested schema. */
      502: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are in progress. `draining`: The service is shutting down. `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. `model_unavailable`: The model provider cannot be reached. `model_rate_limited`: The model provider is rate limiting requests. `run_interrupted`: The process of the run died. Nothing was added to the session. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The number of the last event that the caller has received. Browsers send it automatically. */
        'Last-Event-ID'?: number;
        /** @description Identifies this request for 24 hours. A repeat gets the first answer with `Idempotent-Replayed: true`. */
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
      /** @description The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['RunWaiting']
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `quota_exceeded`: The tenant has as many sessions or as much data as it may. Delete some of it. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run is using this session. */
      409: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `tool_results_required`: The last run of the session waits for results of the caller. Send them in tool_results. `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail rejected the input or the output. */
      422: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are in progress. `draining`: The service is shutting down. `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The number of the last event that the caller has received. Browsers send it automatically. */
        'Last-Event-ID'?: number;
        /** @description Identifies this request for 24 hours. A repeat gets the first answer with `Idempotent-Replayed: true`. */
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
      /** @description The answer, or its events with `Accept: text/event-stream`. The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChatResponse'];
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['RunWaiting']
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `quota_exceeded`: The tenant has as many sessions or as much data as it may. Delete some of it. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run is using this session. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `run_cancelled`: The run was cancelled. `approval_required`: A tool of this agent needs an approval, but this call cannot wait for one. Use a task or a stream. */
      409: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `tool_results_required`: The last run of the session waits for results of the caller. Send them in tool_results. `idempotency_key_reused`: This Idempotency-Key was used for another request. `guardrail_tripped`: A guardrail rejected the input or the output. */
      422: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `model_error`: The model provider failed or cut off its answer. `model_output_invalid`: The answer of the model does not match the requested schema. */
      502: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `overloaded`: Too many runs are in progress. `draining`: The service is shutting down. `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. `model_unavailable`: The model provider cannot be reached. `model_rate_limited`: The model provider is rate limiting requests. `run_interrupted`: The process of the run died. Nothing was added to the session. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  runs_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description The maximum number of items. */
        limit?: number;
        /** @description Only runs with this status. */
        status?: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
        /** @description Only runs of this entry point. */
        kind?: 'chat' | 'stream' | 'task';
        /** @description Only runs of this session. */
        session_id?: string;
        /** @description Only runs created at this time or later. */
        from?: string;
        /** @description Only runs created before this time. */
        to?: string;
        /** @description Only runs that began with this agent. */
        agent_role?: string;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List runs */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  runs_get: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a run */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetails'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The number of the last event that the caller has received. Browsers send it automatically. */
        'Last-Event-ID'?: number;
      };
      path: {
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['RunWaiting']
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancel a run */
      202: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_already_finished`: The task or run has already finished. */
      409: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
        /** @description The `approval_id` of `GET /approvals` or of the run. */
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
      /** @description Approve or reject a tool call of a run */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_by_requester`: Somebody else than the requester must decide on this tool call. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_already_decided`: This approval is already decided otherwise, or by another caller. `task_already_finished`: The task or run has already finished. */
      409: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_expired`: Nobody decided on a tool call of the task in time. */
      410: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  runsv2_get: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a run */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetailsV2'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The number of the last event that the caller has received. Browsers send it automatically. */
        'Last-Event-ID'?: number;
      };
      path: {
        /** @description The `run_id` of an answer or of `GET /runs`. */
        run_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['RunWaiting']
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `run_not_found`: The run does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  approvals_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description The maximum number of items. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List what waits for a decision */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The maximum number of items. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
        /** @description Only sessions of this end user. */
        end_user?: string;
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The end user, as in `X-End-User` or in the claim of a token. */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `session_id` of an answer or of `GET /sessions`. */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a session */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `session_id` of an answer or of `GET /sessions`. */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase a session */
      204: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The maximum number of items. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description The `session_id` of an answer or of `GET /sessions`. */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the messages of a session */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  sessionsv2_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description The maximum number of items. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
        /** @description Only sessions of this end user. */
        end_user?: string;
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionPageV2'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  sessionsv2_get: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        /** @description The `session_id` of an answer or of `GET /sessions`. */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a session */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionDetailsV2'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The maximum number of items. */
        limit?: number;
        /** @description Only tasks with this status. */
        status?: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
        /** @description The `next_cursor` of the previous page. Default: the first page. */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description Identifies this request for 24 hours. A repeat gets the first answer with `Idempotent-Replayed: true`. */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `quota_exceeded`: The tenant has as many sessions or as much data as it may. Delete some of it. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_busy`: Another run is using this session. */
      409: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `draining`: The service is shutting down. `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`. */
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read a task */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: The task does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`. */
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancel a task */
      202: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: The task does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_already_finished`: The task or run has already finished. */
      409: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  tasks_retry: {
    parameters: {
      query?: never;
      header?: {
        /** @description Identifies this request for 24 hours. A repeat gets the first answer with `Idempotent-Replayed: true`. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`. */
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Retry a failed or cancelled task */
      202: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `quota_exceeded`: The tenant has as many sessions or as much data as it may. Delete some of it. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: The task does not exist. `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_retryable`: Only a task that has failed or was cancelled can be retried. Data of an erasure cannot. `session_busy`: Another run is using this session. */
      409: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `draining`: The service is shutting down. `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The number of the last event that the caller has received. Browsers send it automatically. */
        'Last-Event-ID'?: number;
      };
      path: {
        /** @description The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`. */
        task_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunStarted']
            | components['schemas']['RunRestarted']
            | components['schemas']['RunWaiting']
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: The task does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `task_id` that `POST /tasks` has returned, or one of `GET /tasks`. */
        task_id: string;
        /** @description The `approval_id` of `GET /approvals` or of the task. */
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
      /** @description Approve or reject a tool call of a task */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_by_requester`: Somebody else than the requester must decide on this tool call. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `task_not_found`: The task does not exist. `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_already_decided`: This approval is already decided otherwise, or by another caller. `task_already_finished`: The task or run has already finished. */
      409: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `approval_expired`: Nobody decided on a tool call of the task in time. */
      410: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `stopped`: The operator has stopped this agent or tenant. `storage_unavailable`: The database is not available. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  webhooks_list: {
    parameters: {
      query?: {
        tenant?: string;
        /** @description The maximum number of items. */
        limit?: number;
        /** @description Only webhooks with this status. */
        status?: 'pending' | 'delivered' | 'given_up';
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List webhooks */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookPage'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  webhooks_redeliver: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path: {
        /** @description The `webhook_id` of `GET /webhooks`. */
        webhook_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Send a webhook again */
      202: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  webhook_secrets_get: {
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
      /** @description Read the webhook secrets of a tenant */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookSecrets'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The maximum number of items. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
      /** @description Create a key */
      201: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
      query?: {
        /** @description Whether the unfinished tasks of the key go on, and their webhooks are posted. By default they are cancelled. */
        keep_tasks?: 'true' | 'false';
      };
      header?: never;
      path: {
        /** @description The `key_id` of `GET /keys`, not the key itself. */
        key_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoke a key */
      204: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  keys_update: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `key_id` of `GET /keys`, not the key itself. */
        key_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['KeyChanges'];
      };
    };
    responses: {
      /** @description Change a key */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `key_id` of `GET /keys`, not the key itself. */
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
      /** @description Rotate a key */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  switches_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List what is stopped */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SwitchList'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  switches_set: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SwitchChange'];
      };
    };
    responses: {
      /** @description Stop a role, a tool or a tenant, or let it run again */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SwitchList'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The field by which usage is grouped. */
        group_by?: 'day' | 'key' | 'role' | 'model';
        /** @description The first day, UTC. A time counts as its day. Default: the first day of the month of `to`. */
        from?: string;
        /** @description The last day, UTC, which is included. Default: today. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the usage */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
  usage_budgets: {
    parameters: {
      query?: {
        tenant?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the budgets of this month */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BudgetList'];
        };
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The maximum number of items. */
        limit?: number;
        /** @description Returns only entries with this action. */
        action?:
          | 'key.created'
          | 'key.changed'
          | 'key.rotated'
          | 'key.revoked'
          | 'session.deleted'
          | 'approval.decided'
          | 'data.exported'
          | 'data.erased'
          | 'audit.exported'
          | 'switch.changed'
          | 'webhook_secrets.read'
          | 'tenant.read'
          | 'auth.denied'
          | 'auth.failed';
        /** @description Returns only entries at or after this time. */
        from?: string;
        /** @description Returns only entries before this time. */
        to?: string;
        /** @description Returns only the actions of this principal. */
        actor?: string;
        /** @description Returns only the actions on the data of this end user of `tenant`. */
        end_user?: string;
        /** @description The `next_cursor` of the previous page. Default: the first page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List audit entries */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `request_timeout`: The request took longer than its time limit. Nothing was changed. Try again. */
      504: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description Exports only the entries after this sequence number. Default: all entries. */
        after?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One entry per line. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The `session_id` of an answer or of `GET /sessions`. */
        session_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `session_not_found`: The session does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The end user, as in `X-End-User` or in the claim of a token. */
        end_user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type. */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `not_found`: The route or resource does not exist. */
      404: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description The end user, as in `X-End-User` or in the claim of a token. */
        end_user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase all data of an end user */
      200: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
        /** @description `rookery` is accepted. Browsers may also offer a key or a token. */
        'Sec-WebSocket-Protocol'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The connection is now a WebSocket with these frames. */
      101: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `malformed_request`: The request could not be read. */
      400: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `unauthenticated`: Credentials are required. */
      401: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `forbidden`: This request is not allowed. */
      403: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `internal_error`: An internal error occurred. The log of the service has the cause under this request id. */
      500: {
        headers: {
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
          RateLimit?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorResponse'];
          'application/problem+json': components['schemas']['ProblemDetails'];
        };
      };
      /** @description `storage_unavailable`: The database is not available. Try again. `identity_unavailable`: The identity provider is not available, so tokens cannot be checked. Try again. */
      503: {
        headers: {
          /** @description Seconds until a retry makes sense. */
          'Retry-After'?: number;
          /** @description The caller's `X-Request-Id` if it is valid, otherwise a new id. */
          'X-Request-Id'?: string;
          /** @description The origin of the page, if `CORS_ORIGINS` contains it; otherwise absent. */
          'Access-Control-Allow-Origin'?: string;
          /** @description The number of requests (`q`) allowed per window, and the window length in seconds (`w`). */
          'RateLimit-Policy'?: string;
          /** @description The remaining requests (`r`), and the seconds until the window resets (`t`). */
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
