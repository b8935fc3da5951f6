/** Attributes of spans, as OpenTelemetry's conventions for HTTP, RPC and generative AI name them. */
export const ATTRIBUTE = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  scheme: 'url.scheme',
  rpcSystem: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  rpcStatus: 'rpc.response.status_code',
  errorType: 'error.type',
  operation: 'gen_ai.operation.name',
  agent: 'gen_ai.agent.name',
  conversation: 'gen_ai.conversation.id',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  finishReasons: 'gen_ai.response.finish_reasons',
  tool: 'gen_ai.tool.name',
  toolCall: 'gen_ai.tool.call.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  instructions: 'gen_ai.system_instructions',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  run: 'rookery.run.id',
  attempt: 'rookery.run.attempt',
  release: 'rookery.release',
} as const;

/** What a span of generative AI is about. */
export const OPERATION = { agent: 'invoke_agent', chat: 'chat', tool: 'execute_tool' } as const;

/** What Prometheus reads. */
export const METRIC = {
  requestDuration: 'rookery_http_request_duration_seconds',
  rateLimited: 'rookery_rate_limited_total',
  runs: 'rookery_runs_total',
  runDuration: 'rookery_run_duration_seconds',
  runsActive: 'rookery_runs_active',
  modelDuration: 'rookery_model_call_duration_seconds',
  firstDelta: 'rookery_model_time_to_first_delta_seconds',
  tokens: 'rookery_model_tokens_total',
  cost: 'rookery_model_cost_dollars_total',
  toolDuration: 'rookery_tool_call_duration_seconds',
  breaker: 'rookery_model_breaker_state',
  tasksQueued: 'rookery_tasks_queued',
  oldestTask: 'rookery_tasks_oldest_queued_age_seconds',
  webhooks: 'rookery_webhooks_pending',
} as const;
