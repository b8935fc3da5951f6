import { Injectable } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import type { Caller } from '../../http/caller.decorator.js';
import type { ClientSocket } from '../../http/sockets/client.socket.js';
import type { FrameFields } from '../../http/sockets/socket.gateway.js';
import { BodyFields, invalid } from '../request/body.fields.js';
import { type FieldRules, REFUSED, refuseUnsupported } from '../request/field.rules.js';
import type { ResponseEvent } from '../responses/response.fold.js';
import { ResponsePreparation } from '../responses/response.preparation.js';
import type { Place } from '../responses/response.place.js';
import type { ResponseRequest } from '../responses/responses.reader.js';
import { ResponsesService } from '../responses/responses.service.js';
import type { ConnectionMemory, RememberedResponse } from './connection.memory.js';

/** Fields that make no sense on a WebSocket, or that only other services have. */
const FRAME_FIELDS: FieldRules = { background: REFUSED, stream_id: REFUSED };

/** The connection that a frame came from. */
interface Connection {
  readonly caller: Caller;
  readonly socket: ClientSocket;
  readonly memory: ConnectionMemory;
}

/** Creates the responses of connections. */
@Injectable()
export class SocketResponses {
  constructor(
    private readonly responses: ResponsesService,
    private readonly preparation: ResponsePreparation,
  ) {}

  /** Creates a response and sends its events. @throws AgentError if its run is refused. */
  async create(fields: FrameFields, { caller, socket, memory }: Connection): Promise<void> {
    // A response whose continuation fails is forgotten.
    const before = memory.take(fields?.['previous_response_id']);
    const request = await this.#read(fields, caller, before);
    if (fields?.['generate'] === false) {
      await this.#prepare(request, { caller, socket, memory }, before?.place);
      return;
    }
    const started = await this.responses.stream(request, { ...caller, signal: socket.signal }, before?.place);
    const { fold, events, place } = started;
    await socket.stream(fold.response.id, async () => events, unchanged);
    if (fold.failure || socket.signal.aborted) return;
    const { id, store } = fold.response;
    const messages = [...request.call.messages, ...this.responses.continuationOf(fold, caller.principal)];
    memory.keep(store ? undefined : { id, place, messages });
  }

  /** Keeps the request for the one that continues it. Some clients send their instructions and tools early. */
  async #prepare(
    request: ResponseRequest,
    { caller, socket, memory }: Connection,
    continued: Place | undefined,
  ): Promise<void> {
    const { id, place, events } = await this.preparation.create(request, caller.principal, continued);
    await socket.stream(id, async () => only(events), unchanged);
    memory.keep({ id, place, messages: request.call.messages });
  }

  /** Reads the request of a frame, after the conversation that it continues. */
  async #read(
    fields: FrameFields,
    { principal }: Caller,
    before: RememberedResponse | undefined,
  ): Promise<ResponseRequest> {
    const body = readFrame(fields);
    const request = await this.responses.read(body, principal);
    const messages = [...(before?.messages ?? []), ...request.call.messages];
    return { ...request, isStream: true, call: { ...request.call, messages } };
  }
}

/** @throws AgentError if the frame does not create a response. */
function readFrame(fields: FrameFields): BodyFields {
  if (fields === undefined) {
    throw new AgentError('malformed_request', { detail: 'A frame must be a JSON object, sent as text.' });
  }
  const body = BodyFields.ofBody(fields);
  if (body.value('type') !== 'response.create') throw invalid('type', 'type must be response.create.');
  refuseUnsupported(body.object, FRAME_FIELDS);
  body.boolean('generate');
  return body;
}

async function* only(events: readonly ResponseEvent[]): AsyncGenerator<readonly ResponseEvent[]> {
  yield events;
}

function unchanged(data: string): string {
  return data;
}
