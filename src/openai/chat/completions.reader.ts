import { MAX_CALL_ID } from '../../runs/request/request.faults.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import type { AgentCall } from '../request/agent.call.js';
import { BodyFields, missing } from '../request/body.fields.js';
import { readContent, readText } from '../request/content.reader.js';
import { refuseUnsupported } from '../request/field.rules.js';
import { readEffort, readFormat, readMetadata, readModel, unless } from '../request/settings.reader.js';
import { readToolChoice, readTools } from '../request/tools.reader.js';
import { COMPLETIONS_FIELDS } from './completions.fields.js';

const MAX_MESSAGES = 1000;
const MAX_ARGUMENTS = 1_000_000;
const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;

/** A request for a chat completion. */
export interface CompletionRequest {
  readonly call: AgentCall;
  readonly isStream: boolean;
  /** Whether a stream ends with the usage. */
  readonly hasUsage: boolean;
}

/** Reads a request for a chat completion. @throws OpenAIRefusal */
export function readCompletionRequest(body: BodyFields): CompletionRequest {
  refuseUnsupported(body.object, COMPLETIONS_FIELDS);
  const messages = body.objects('messages', MAX_MESSAGES).map(readMessage);
  if (messages.length === 0) throw missing('messages');
  const tools = readTools(body);
  const call = {
    agent_role: readModel(body),
    messages,
    settings: {
      temperature: body.number('temperature', 0, 2),
      top_p: unless(1, body.number('top_p', 0, 1)),
      max_output_tokens: body.integer('max_completion_tokens', 1) ?? body.integer('max_tokens', 1),
      parallel_tool_calls: unless(true, body.boolean('parallel_tool_calls')),
      tools: tools.length === 0 ? undefined : tools,
      tool_choice: unless('auto', readToolChoice(body)),
      reasoning_effort: readEffort(body, 'reasoning_effort'),
      output_schema: readFormat(body.fields('response_format')),
      metadata: readMetadata(body),
      store: unless(true, body.boolean('store')),
    },
  };
  const hasUsage = body.fields('stream_options')?.boolean('include_usage') ?? false;
  return { call, isStream: body.boolean('stream') ?? false, hasUsage };
}

function readMessage(message: BodyFields): TranscriptMessage {
  const role = message.choice('role', ROLES);
  switch (role) {
    case undefined:
      throw missing(message.pathOf('role'));
    case 'user':
      return { role, content: readContent(message) };
    case 'tool':
      return { role, call_id: message.requiredText('tool_call_id', MAX_CALL_ID), output: readText(message) };
    case 'assistant': {
      const calls = message.objects('tool_calls', MAX_MESSAGES).map(readCall);
      return { role, content: readText(message), ...(calls.length === 0 ? {} : { tool_calls: calls }) };
    }
    case 'system':
    case 'developer':
      return { role, content: readText(message) };
  }
}

function readCall(call: BodyFields) {
  const called = call.fields('function') ?? call;
  return {
    call_id: call.requiredText('id', MAX_CALL_ID),
    tool: called.requiredText('name', 64),
    arguments: called.text('arguments', MAX_ARGUMENTS) ?? '{}',
  };
}
