import type { Member } from './fleet.ts';

const EVENT = /^id: (\d+)\nevent: (.*)\ndata: (.*)$/;

/** An event as a reader receives it. */
export interface SeenEvent {
  readonly sequence: number;
  readonly type: string;
  readonly data: string;
}

/** Returns the headers of a caller. @param key its API key; undefined: none. */
export function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** @param path relative to the prefix of the API. @param key the API key of the caller; undefined: none. */
export function post({ url }: Member, path: string, body: object = {}, key?: string): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(key) },
    body: JSON.stringify(body),
  });
}

/** Returns the id of the accepted task. @throws Error if the task was refused. */
export async function submitTask(member: Member, message: string, key?: string): Promise<string> {
  const answer = await post(member, '/tasks', { message }, key);
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`The task was refused with ${answer.status}: ${text}`);
  const { task_id }: { task_id: string } = JSON.parse(text);
  return task_id;
}

/** Yields the events of a response as they arrive; leaving the loop closes the connection. */
export async function* eventsOf({ body }: Response): AsyncGenerator<SeenEvent> {
  let text = '';
  if (body === null) return;
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + piece).split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, sequence, type, data] = EVENT.exec(frame) ?? [];
      if (type !== undefined && data !== undefined) yield { sequence: Number(sequence), type, data };
    }
  }
}

/** Returns the first event of that type. @throws Error if the stream ends without one. */
export async function eventOf(events: AsyncGenerator<SeenEvent>, wanted: string): Promise<SeenEvent> {
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) throw new Error(`The stream ended without ${wanted}.`);
    if (value.type === wanted) return value;
  }
}
