import { AgentError, invalidField } from '../../errors/agent.error.js';
import type { ModelMessage } from '../../models/language.model.js';
import { ERROR_PREFIX } from '../../models/tool.result.js';
import type { OpenCall, OpenCalls } from '../../sessions/open.calls.js';
import type { RunRequest } from '../events/run.events.js';
import { inputOf } from '../run.input.js';
import type { CallerToolResult } from './caller.tools.js';
import type { TranscriptMessage } from './transcript.messages.js';

const ABANDONED = `${ERROR_PREFIX}The caller has abandoned the call. Its outcome is unknown.`;
const LATE = `${ERROR_PREFIX}The caller has not sent a result in time. The outcome of the call is unknown.`;

/** The open calls of the session that a run continues, and whether their time is over. */
interface CallsToAnswer {
  readonly open: OpenCalls | undefined;
  readonly isLate: boolean;
}

/** The texts of the caller that guardrails check: those of the user and of the developer. */
export function checkedTextOf({ instructions, messages = [], message = '' }: RunRequest): string {
  const texts = messages.map((each) =>
    each.role === 'assistant' || each.role === 'tool' ? '' : inputOf(each.content).message,
  );
  return [instructions ?? '', ...texts, message].filter((text) => text !== '').join('\n\n');
}

/**
 * The messages with which a run begins: the results of open calls, then the transcript, then the message.
 *
 * @throws AgentError `tool_results_required` if an open call has no result; `validation_failed` if a result has no call,
 * or nothing is left to begin with.
 */
export function inputMessages(request: RunRequest, calls: CallsToAnswer): readonly ModelMessage[] {
  const { messages = [], message, parts, tool_results = [], abandon_calls = false } = request;
  const first = messages.findIndex(({ role }) => role !== 'tool');
  const leading = (first === -1 ? messages : messages.slice(0, first)).flatMap(toResult);
  const results = new Map([...tool_results, ...leading].map((result) => [result.call_id, result]));
  const open = calls.open?.calls ?? [];
  const stray = [...results.keys()].find((id) => !open.some(({ call_id }) => call_id === id));
  if (stray !== undefined) throw invalidField('tool_results', `No call with the id "${stray}" waits for a result.`);
  const missing = open.filter(({ call_id }) => !results.has(call_id));
  if (missing.length > 0 && !abandon_calls && !calls.isLate) throw resultsRequired(missing);
  const answers = open.map((call) => toAnswer(call, results.get(call.call_id), abandon_calls ? ABANDONED : LATE));
  const rest = first === -1 ? [] : toModelMessages(messages.slice(first));
  const question: ModelMessage[] =
    message === undefined || message === '' ? [] : [{ role: 'user', content: message, ...(parts ? { parts } : {}) }];
  const input = [...answers, ...rest, ...question];
  if (input.length === 0) throw invalidField('message', 'message must not be empty: no call waits for a result');
  return input;
}

function toResult(message: TranscriptMessage): CallerToolResult[] {
  return message.role === 'tool' ? [{ call_id: message.call_id, output: message.output }] : [];
}

function toAnswer(
  { call_id: callId, tool }: OpenCall,
  result: CallerToolResult | undefined,
  none: string,
): ModelMessage {
  const content = result === undefined ? none : (result.output ?? ERROR_PREFIX + (result.error ?? ''));
  return { role: 'tool', callId, tool, content };
}

function resultsRequired(missing: readonly OpenCall[]): AgentError {
  const ids = missing.map(({ call_id }) => call_id).join(', ');
  const errors = missing.map(({ call_id }) => ({ field: 'tool_results', message: `${call_id} has no result` }));
  const detail = `The last run of the session waits for results of ${ids}. Send them in tool_results, or set abandon_calls.`;
  return new AgentError('tool_results_required', { detail, errors });
}

function toModelMessages(messages: readonly TranscriptMessage[]): ModelMessage[] {
  const tools = new Map<string, string>();
  return messages.map((message): ModelMessage => {
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'developer', content: message.content };
      case 'user': {
        const { message: content, parts } = inputOf(message.content);
        return { role: 'user', content, ...(parts ? { parts } : {}) };
      }
      case 'assistant': {
        const { content = '', tool_calls = [], reasoning = [] } = message;
        for (const { call_id, tool } of tool_calls) tools.set(call_id, tool);
        const toolCalls = tool_calls.map(({ call_id: callId, tool: name, arguments: text }) => ({
          callId,
          name,
          arguments: text,
        }));
        return {
          role: 'assistant',
          content,
          ...(toolCalls.length > 0 ? { toolCalls } : {}),
          ...(reasoning.length > 0 ? { reasoning } : {}),
        };
      }
      case 'tool': {
        const { call_id: callId, output: content } = message;
        return { role: 'tool', callId, tool: tools.get(callId) ?? '', content };
      }
    }
  });
}
