import { isObject, type JsonObject } from '../json/json.object.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { RequestPipe } from '../http/validation/validation.pipe.js';
import { AgentRequest } from './agent-request.dto.js';
import { ApproveFrame, CancelFrame, ChatFrame, type ClientFrame, SubscribeFrame } from './frames.dto.js';

const FRAMES = { chat: ChatFrame, subscribe: SubscribeFrame, cancel: CancelFrame, approve: ApproveFrame };
const KINDS = Object.values(FRAMES);
const MAX_ID_LENGTH = 128;

const pipe = new RequestPipe();

/** Returns the id for the answers to the frame; null if the frame has no valid id. */
export function frameIdOf(fields: JsonObject | undefined): string | null {
  const id = fields?.['id'];
  return typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH ? id : null;
}

/** Validates a frame. Its `request` is validated like the body of a route. @throws AgentError */
export async function readFrame(fields: JsonObject | undefined): Promise<ClientFrame> {
  if (fields === undefined) {
    throw new AgentError('malformed_request', { detail: 'A frame must be a JSON object, sent as text.' });
  }
  const [, metatype] = Object.entries(FRAMES).find(([type]) => type === fields['type']) ?? [];
  if (metatype === undefined) throw invalidField('type', `type must be one of ${Object.keys(FRAMES).join(', ')}`);
  // First: the validation of the frame strips names of `Object.prototype` from nested objects, which must be refused.
  const request =
    metatype === ChatFrame && isObject(fields['request']) ? await validate(fields['request'], AgentRequest) : undefined;
  const frame = await validate(fields, metatype);
  if (!isFrame(frame)) throw new AgentError('internal_error');
  if (frame instanceof ChatFrame && request instanceof AgentRequest) frame.request = request;
  return frame;
}

function validate(value: unknown, metatype: new () => object): Promise<unknown> {
  return pipe.transform(value, { type: 'body', metatype });
}

function isFrame(value: unknown): value is ClientFrame {
  return KINDS.some((kind) => value instanceof kind);
}
