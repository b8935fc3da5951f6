import { isErrorBody } from '../../errors/error.body.js';
import { isNumber, isObject, isOptional, isString, type JsonObject } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { StoredEvent, RunEvent } from './run.events.js';
import { isRunResponse } from './stored.outcome.js';

const isOptionalString = isOptional(isString);

/** Parses the event of a frame. @throws StoredJsonError if it is not an event */
export function eventOf({ data }: StoredEvent): RunEvent {
  return readStoredJson(data, 'events.body', isRunEvent);
}

function isRunEvent(value: unknown): value is RunEvent {
  return isObject(value) && isString(value.run_id) && isNumber(value.sequence) && hasFields(value);
}

/** Checks the fields of one type of event. A switch, because this runs for each event of a stream. */
function hasFields(event: JsonObject): boolean {
  switch (event.type) {
    case 'message.delta':
      return isString(event.delta);
    case 'run.started':
      return isString(event.session_id) && isString(event.agent_role) && isString(event.model);
    case 'run.restarted':
      return isNumber(event.attempt);
    case 'run.waiting':
      return isString(event.reason) && isOptionalString(event.until);
    case 'handoff':
      return isString(event.from) && isString(event.to);
    case 'tool.started':
      return isString(event.call_id) && isString(event.tool);
    case 'tool.completed':
      return (
        isString(event.call_id) &&
        isString(event.tool) &&
        isOptionalString(event.output) &&
        isOptionalString(event.error)
      );
    case 'approval.required':
      return isString(event.approval_id) && isString(event.tool);
    case 'run.completed':
      return isRunResponse(event.response);
    case 'run.failed':
      return isErrorBody(event.error);
    case 'run.cancelled':
      return isString(event.reason);
    // A newer release has more types. Readers ignore those that they do not know.
    default:
      return isString(event.type);
  }
}
