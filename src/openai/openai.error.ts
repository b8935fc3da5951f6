import { AgentError } from '../errors/agent.error.js';
import type { ErrorCode } from '../errors/error.codes.js';

/** The body of an error, as OpenAI has it. Clients read all four fields. */
export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** Refusals that only this API has: the status, and the code of the error table that the log has. */
const REFUSALS = {
  unsupported_parameter: { status: 400, logged: 'validation_failed' },
  invalid_value: { status: 400, logged: 'validation_failed' },
  missing_required_parameter: { status: 400, logged: 'validation_failed' },
  model_not_found: { status: 404, logged: 'not_found' },
  response_not_found: { status: 404, logged: 'run_not_found' },
  conversation_not_found: { status: 404, logged: 'session_not_found' },
  previous_response_not_found: { status: 400, logged: 'run_not_found' },
  websocket_connection_limit_reached: { status: 400, logged: 'malformed_request' },
} as const satisfies Record<string, { status: number; logged: ErrorCode }>;

/** The code of a refusal. */
export type OpenAIRefusalCode = keyof typeof REFUSALS;

/** A request that this API refuses, by the name of the parameter at fault. */
export class OpenAIRefusal extends AgentError {
  override readonly name = 'OpenAIRefusal';

  constructor(
    readonly refusal: OpenAIRefusalCode,
    readonly param: string | null,
    detail: string,
  ) {
    super(REFUSALS[refusal].logged, { detail });
  }

  override get status(): number {
    return REFUSALS[this.refusal].status;
  }
}

/** The codes that OpenAI has for errors of the table. All others keep their code. */
const CODES: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_api_key',
  validation_failed: 'invalid_value',
  rate_limited: 'rate_limit_exceeded',
  token_budget_exhausted: 'insufficient_quota',
};

/** The parameters of an API behind the fields of a run. All others have the same name. */
export type OpenAIParams = Readonly<Record<string, string>>;

const RESPONSES_PARAMS: OpenAIParams = {
  agent_role: 'model',
  message: 'input',
  messages: 'input',
  tool_results: 'input',
  session_id: 'conversation',
  output_schema: 'text.format.schema',
  reasoning_effort: 'reasoning.effort',
};

export const COMPLETIONS_PARAMS: OpenAIParams = {
  agent_role: 'model',
  message: 'messages',
  tool_results: 'messages',
  output_schema: 'response_format.json_schema.schema',
  max_output_tokens: 'max_completion_tokens',
};

/** The status of an error in this API. OpenAI has no 422: clients expect 400. */
export function openAIStatusOf(status: number, error?: AgentError): number {
  if (error !== undefined && isUnknownModel(error)) return REFUSALS.model_not_found.status;
  return status === 422 ? 400 : status;
}

/** The body of an error in this API. */
export function openAIErrorOf(error: AgentError, status: number, params = RESPONSES_PARAMS): OpenAIErrorBody {
  const [fault] = error.errors ?? [];
  const param = error instanceof OpenAIRefusal ? error.param : fault && (params[fault.field] ?? fault.field);
  const message = fault && param ? withName(error.message, fault.field, param) : error.message;
  return { error: { message, type: typeOf(error, status), param: param ?? null, code: codeOf(error) } };
}

/** The message with the name that the field has in this API. */
function withName(message: string, field: string, param: string): string {
  return message.startsWith(`${field} `) ? param + message.slice(field.length) : message;
}

function codeOf(error: AgentError): string {
  if (error instanceof OpenAIRefusal) return error.refusal;
  return isUnknownModel(error) ? 'model_not_found' : (CODES[error.code] ?? error.code);
}

/** A run refuses the role of an agent that does not exist. */
function isUnknownModel({ errors = [] }: AgentError): boolean {
  return errors[0]?.field === 'agent_role';
}

function typeOf({ code }: AgentError, status: number): string {
  if (code.startsWith('model_') && status >= 500) return 'model_error';
  if (status >= 500) return 'server_error';
  if (status === 429) return 'too_many_requests';
  return status === 404 ? 'not_found' : 'invalid_request_error';
}
