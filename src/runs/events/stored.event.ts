import { isErrorBody } from '../../errors/error.body.js';
import { isNumber, isObject, isOptional, isString, type JsonObject } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { EventFrame, RunEvent } from './run.events.js';
import { isRunResponse } from './stored.outcome.js';

type EventFields = { readonly [Type in RunEvent['type']]: (event: JsonObject) => boolean };

/** The fields of each type of event, apart from those of every event. */
const FIELDS: EventFields = {
  'run.started': ({ session_id, agent_role, model }) => isString(session_id) && isString(agent_role) && isString(model),
  'run.restarted': ({ attempt }) => isNumber(attempt),
  'message.delta': ({ delta }) => isString(delta),
  handoff: ({ from, to }) => isString(from) && isString(to),
  'tool.started': ({ call_id, tool }) => isString(call_id) && isString(tool),
  'tool.completed': ({ call_id, tool, output, error }) =>
    isString(call_id) && isString(tool) && isOptional(output, isString) && isOptional(error, isString),
  'approval.required': ({ approval_id, tool }) => isString(approval_id) && isString(tool),
  'run.completed': ({ response }) => isRunResponse(response),
  'run.failed': ({ error }) => isErrorBody(error),
  'run.cancelled': ({ reason }) => isString(reason),
};

/** Parses the event of a frame. @throws StoredJsonError if it is not an event */
export function eventOf({ data }: EventFrame): RunEvent {
  return readStoredJson(data, 'events.body', isRunEvent);
}

function isRunEvent(value: unknown): value is RunEvent {
  if (!isObject(value)) return false;
  const { type, run_id, sequence } = value;
  return isString(run_id) && isNumber(sequence) && isEventType(type) && FIELDS[type](value);
}

function isEventType(type: unknown): type is RunEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(FIELDS, type);
}
