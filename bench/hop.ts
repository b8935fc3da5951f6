// The baseline for the service: a minimal server with the same request body, provider and events. It is bare Fastify
// and undici, without validation, log, session or limit.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createParser } from 'eventsource-parser';
import Fastify from 'fastify';
import { Agent, request } from 'undici';
import { announce } from './announce.ts';

interface Chat {
  message: string;
  session_id?: string;
  temperature?: number;
}
interface Usage {
  total_tokens: number;
}
interface Completion {
  choices: [{ message: { content: string } }];
  usage: Usage;
}
interface CompletionChunk {
  choices: { delta: { content?: string } }[];
  usage: Usage | null;
}

const MODEL = 'gpt-4o';
const url = `${process.env['OPENAI_BASE_URL']}/chat/completions`;
const dispatcher = new Agent({ connections: 6000 });
const app = Fastify({ logger: false });

app.post<{ Body: Chat }>('/chat', async ({ body }) => {
  const answer = await ask(body, {});
  const completion: Completion = JSON.parse(await answer.body.text());
  return { reply: completion.choices[0].message.content };
});

app.post<{ Body: Chat }>('/stream', async ({ body }, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  const events = new EventWriter(reply.raw);
  try {
    await forward(body, events, left.signal);
  } catch (error) {
    events.send('run.failed', { error: { error: 'model_error', detail: String(error) } });
  }
  events.end();
});

async function forward(body: Chat, events: EventWriter, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now();
  const sessionId = body.session_id ?? randomUUID();
  let reply = '';
  let tokens = 0;
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return;
      const chunk: CompletionChunk = JSON.parse(data);
      tokens = chunk.usage?.total_tokens ?? tokens;
      const delta = chunk.choices[0]?.delta.content;
      if (!delta) return;
      reply += delta;
      events.send('message.delta', { delta });
    },
  });
  events.send('run.started', { session_id: sessionId, agent_role: 'assistant', model: MODEL });
  const answer = await ask(body, { stream: true, stream_options: { include_usage: true } }, signal);
  const decoder = new TextDecoder();
  for await (const bytes of answer.body) parser.feed(decoder.decode(bytes, { stream: true }));
  const response = {
    session_id: sessionId,
    reply,
    tokens_used: tokens,
    model: MODEL,
    processing_time_ms: performance.now() - startedMs,
  };
  events.send('run.completed', { response });
}

function ask(chat: Chat, extra: object, signal?: AbortSignal) {
  return request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-bench' },
    body: JSON.stringify({
      model: MODEL,
      messages: [{ role: 'user', content: chat.message }],
      temperature: chat.temperature ?? 0.7,
      ...extra,
    }),
    ...(signal && { signal }),
  });
}

/** Frames events, and writes all events of one tick in one write. */
class EventWriter {
  private readonly runId = randomUUID();
  private readonly response: ServerResponse;
  private sequence = 0;
  private ready = '';

  constructor(response: ServerResponse) {
    this.response = response;
  }

  send(type: string, body: object): void {
    if (this.ready === '') process.nextTick(() => this.flush());
    const sequence = ++this.sequence;
    const data = JSON.stringify({ type, run_id: this.runId, sequence, ...body });
    this.ready += `id: ${sequence}\nevent: ${type}\ndata: ${data}\n\n`;
  }

  end(): void {
    this.response.end(this.ready);
    this.ready = '';
  }

  private flush(): void {
    if (this.ready === '') return;
    this.response.write(this.ready);
    this.ready = '';
  }
}

await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
announce(app.server);
