import { parseObject, type Json } from '../json.js';
import type { Options, Target } from './client.js';

export interface SseEvent {
  id: string;
  event: string;
  data: Json;
}

/** Requests a run as a stream; an ordinary error has its `status` and `body`. */
export function openStream(target: Target, request: Json, options: Options = {}): Promise<EventStream> {
  const headers = { 'content-type': 'application/json', ...options.headers };
  const url = `${target.url}/api/v1/agent/chat/stream`;
  return openEvents(url, { method: 'POST', headers, body: JSON.stringify(request) }, options.signal);
}

/** The same of version 2. */
export function openStreamV2(target: Target, request: Json, options: Options = {}): Promise<EventStream> {
  const headers = { 'content-type': 'application/json', ...options.headers };
  const url = `${target.url}/api/v2/agent/chat`;
  return openEvents(url, { method: 'POST', headers, body: JSON.stringify(request) }, options.signal);
}

/** Reads the events of another call's run: `/runs/{run_id}/events` or `/tasks/{task_id}/events`. */
export function followEvents(
  target: Target,
  path: string,
  { headers = {}, signal }: Options = {},
): Promise<EventStream> {
  return openEvents(`${target.url}/api/v1/agent${path}`, { headers }, signal);
}

async function openEvents(
  url: string,
  request: { method?: string; headers: Record<string, string>; body?: string },
  signal = AbortSignal.timeout(20_000),
): Promise<EventStream> {
  const caller = new AbortController();
  const response = await fetch(url, {
    ...request,
    headers: { accept: 'text/event-stream', ...request.headers },
    signal: AbortSignal.any([caller.signal, signal]),
  });
  return new EventStream(response, caller);
}

/** Returns the whole stream of a run. */
export async function streamAll(target: Target, request: Json, options: Options = {}): Promise<SseEvent[]> {
  return (await openStream(target, request, options)).rest();
}

/** Returns the numbers of the events, which should be 1, 2, 3 … */
export function numbersOf(events: readonly SseEvent[]): number[] {
  return events.map(({ id }) => Number(id));
}

/** Returns the joined text of the deltas. */
export function deltasOf(events: readonly SseEvent[]): string {
  return events
    .filter(({ event }) => event === 'message.delta')
    .map(({ data }) => String(data.delta))
    .join('');
}

/** Server-sent events, read one by one as they arrive. */
export class EventStream {
  readonly status: number;
  readonly headers: Headers;
  private readonly events: AsyncGenerator<SseEvent, void>;

  constructor(
    private readonly response: Response,
    private readonly caller: AbortController,
  ) {
    this.status = response.status;
    this.headers = response.headers;
    this.events = readEvents(response);
  }

  /** Returns the next event, or undefined if the stream has ended. @throws if the connection is cut. */
  async next(): Promise<SseEvent | undefined> {
    return (await this.events.next()).value ?? undefined;
  }

  /** Reads up to and including the first event of that type, or to the end if it does not come. */
  async readTo(type: string): Promise<SseEvent[]> {
    const read: SseEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) {
      read.push(event);
      if (event.event === type) break;
    }
    return read;
  }

  /** Reads all remaining events. */
  async rest(): Promise<SseEvent[]> {
    const read: SseEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) read.push(event);
    return read;
  }

  /** Returns the JSON body of an answer that is not a stream. */
  async body(): Promise<Json> {
    return parseObject(await this.response.text());
  }

  /** Closes the connection, like a caller that has gone. */
  leave(): void {
    this.caller.abort();
  }
}

async function* readEvents(response: Response): AsyncGenerator<SseEvent, void> {
  if (!response.body) return;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let unread = '';
  for await (const bytes of response.body) {
    unread += decoder.decode(bytes, { stream: true });
    const frames = unread.split('\n\n');
    unread = frames.pop() ?? '';
    for (const frame of frames) {
      const event = parseFrame(frame);
      if (event) yield event;
    }
  }
  if (unread.trim()) throw new Error(`The stream ended inside a frame: ${JSON.stringify(unread)}`);
}

/** Returns undefined for a frame of comments only, which keeps proxies awake. */
function parseFrame(frame: string): SseEvent | undefined {
  const fields: Record<string, string[]> = {};
  for (const line of frame.split('\n')) {
    if (line.startsWith(':') || line === '') continue;
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    (fields[name] ??= []).push(value);
  }
  if (!fields.data) return undefined;
  return {
    id: fields.id?.join('\n') ?? '',
    event: fields.event?.join('\n') ?? '',
    data: parseObject(fields.data.join('\n')),
  };
}
