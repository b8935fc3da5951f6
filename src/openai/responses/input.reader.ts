import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { summaryTexts } from '../../runs/loop/history/summary.messages.js';
import { summaryIn } from '../compaction/compaction.item.js';
import { BodyFields, invalid } from '../request/body.fields.js';
import { readContent, readText } from '../request/content.reader.js';
import { unsupported } from '../request/field.rules.js';

const MAX_ARGUMENTS = 1_000_000;
const MAX_ID = 256;
const MAX_SUMMARY = 256 * 1024;
const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

type AssistantMessage = Extract<TranscriptMessage, { role: 'assistant' }>;

/** Reads the items of an input as a conversation. @throws OpenAIRefusal */
export function readInput(items: readonly unknown[]): TranscriptMessage[] {
  const messages: TranscriptMessage[] = [];
  for (const [index, value] of items.entries()) {
    const item = BodyFields.of(value, `input[${index}]`);
    const type = item.text('type', 64) ?? 'message';
    switch (type) {
      case 'message':
        messages.push(readMessage(item));
        break;
      case 'function_call':
        addCall(messages, item);
        break;
      case 'function_call_output':
        messages.push({
          role: 'tool',
          call_id: item.requiredText('call_id', MAX_ID),
          output: readText(item, 'output'),
        });
        break;
      case 'compaction':
        messages.push(...readSummary(item));
        break;
      case 'reasoning':
        // The models get no reasoning of earlier turns from clients.
        break;
      default:
        throw unsupported(item.pathOf('type'), `Items of the type "${type}" are not supported.`);
    }
  }
  return messages;
}

function readMessage(item: BodyFields): TranscriptMessage {
  const role = item.choice('role', ROLES) ?? 'user';
  if (role === 'user') return { role, content: readContent(item) };
  return { role, content: readText(item) };
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
function addCall(messages: TranscriptMessage[], item: BodyFields): void {
  const call = {
    call_id: item.requiredText('call_id', MAX_ID),
    tool: item.requiredText('name', 64),
    arguments: item.text('arguments', MAX_ARGUMENTS) ?? '{}',
  };
  const last = messages.at(-1);
  const turn: AssistantMessage = last?.role === 'assistant' ? last : { role: 'assistant' };
  if (last?.role === 'assistant') messages.pop();
  messages.push({ ...turn, tool_calls: [...(turn.tool_calls ?? []), call] });
}
