import { MAX_CALL_ID } from '../../runs/request/request.faults.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { summaryTexts } from '../../runs/loop/history/summary.messages.js';
import { summaryIn } from '../compaction/compaction.item.js';
import { BodyFields, invalid } from '../request/body.fields.js';
import { readContent, readText } from '../request/content.reader.js';
import { unsupported } from '../request/field.rules.js';
import type { ReasoningKey, SealedReasoning } from './reasoning.seal.js';

const MAX_ARGUMENTS = 1_000_000;
const MAX_SUMMARY = 256 * 1024;
const MAX_REASONING = 4 * 1024 * 1024;
const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

type AssistantMessage = Extract<TranscriptMessage, { role: 'assistant' }>;

/**
 * Reads the items of an input as a conversation. Reasoning belongs to the message or the calls that follow it.
 *
 * @param key opens the reasoning that clients have kept; undefined: it is left out.
 * @param field the field with the items, for errors.
 * @throws OpenAIRefusal
 */
export function readInput(items: readonly unknown[], key?: ReasoningKey, field = 'input'): TranscriptMessage[] {
  const messages: TranscriptMessage[] = [];
  let thoughts: SealedReasoning[] = [];
  for (const [index, value] of items.entries()) {
    const item = BodyFields.of(value, `${field}[${index}]`);
    const type = item.text('type', 64) ?? 'message';
    switch (type) {
      case 'message':
        messages.push(withReasoning(readMessage(item), thoughts));
        break;
      case 'function_call':
        addCall(messages, item, thoughts);
        break;
      case 'function_call_output':
        messages.push({
          role: 'tool',
          call_id: item.requiredText('call_id', MAX_CALL_ID),
          output: readText(item, 'output'),
        });
        break;
      case 'compaction':
        messages.push(...readSummary(item));
        break;
      case 'reasoning':
        thoughts.push(...readReasoning(item, key));
        continue;
      default:
        throw unsupported(item.pathOf('type'), `Items of the type "${type}" are not supported.`);
    }
    thoughts = [];
  }
  return messages;
}

function readMessage(item: BodyFields): TranscriptMessage {
  const role = item.choice('role', ROLES) ?? 'user';
  if (role === 'user') return { role, content: readContent(item) };
  return { role, content: readText(item) };
}

/** Empty for reasoning that this service cannot send back: of other services or tenants, or only a summary. */
function readReasoning(item: BodyFields, key: ReasoningKey | undefined): SealedReasoning[] {
  const content = item.text('encrypted_content', MAX_REASONING);
  const opened = content === undefined ? undefined : key?.open(content);
  return opened ? [opened] : [];
}

/** Adds the reasoning of the turn of a message. A turn whose calls clients do not see has no message to follow. */
function withReasoning(message: TranscriptMessage, thoughts: readonly SealedReasoning[]): TranscriptMessage {
  const turn = thoughts.at(-1)?.turn;
  if (turn === undefined || message.role !== 'assistant') return message;
  const own = thoughts.filter((each) => each.turn === turn).map(({ reasoning }) => reasoning);
  return { ...message, reasoning: [...(message.reasoning ?? []), ...own] };
}

/** The conversation that a compaction replaces. */
function readSummary(item: BodyFields): TranscriptMessage[] {
  const content = summaryIn(item.requiredText('encrypted_content', MAX_SUMMARY));
  const path = item.pathOf('encrypted_content');
  if (content === undefined) throw invalid(path, `${path} must be that of a compaction of this service.`);
  const [question, answer] = summaryTexts(content);
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ];
}

/** Calls of one turn belong to one message, with the text before them. */
function addCall(messages: TranscriptMessage[], item: BodyFields, thoughts: readonly SealedReasoning[]): void {
  const call = {
    call_id: item.requiredText('call_id', MAX_CALL_ID),
    tool: item.requiredText('name', 64),
    arguments: item.text('arguments', MAX_ARGUMENTS) ?? '{}',
  };
  const last = messages.at(-1);
  const turn: AssistantMessage = last?.role === 'assistant' ? last : { role: 'assistant' };
  if (last?.role === 'assistant') messages.pop();
  messages.push(withReasoning({ ...turn, tool_calls: [...(turn.tool_calls ?? []), call] }, thoughts));
}
