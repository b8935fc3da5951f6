// The fastest provider on loopback: it encodes all answers before the first request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { announce } from './announce.ts';
import { PacedStreams } from './paced-streams.ts';
import { faultOfResults, isFirstTurn, MARKER, TOOL_CALLS } from './tool-calls.ts';
import { chatWire, deltaTexts, responsesWire, type Wire } from './wire.ts';

const { values } = parseArgs({
  options: {
    deltas: { type: 'string', default: '100' },
    'first-delta-ms': { type: 'string', default: '0' },
    'interval-ms': { type: 'string', default: '0' },
    // Stamps every delta with its sending time, not only the first one.
    stamped: { type: 'boolean', default: false },
  },
});
const pace = {
  firstDeltaMs: Number(values['first-delta-ms']),
  intervalMs: Number(values['interval-ms']),
  isStamped: values.stamped,
};
const texts = deltaTexts(Number(values.deltas));

const SSE = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'transfer-encoding': 'chunked' };
const seen = { json: 0, streamed: 0, aborted: 0, open: 0, peakOpen: 0 };
const routes = new Map([
  ['/v1/chat/completions', provider(chatWire(texts, TOOL_CALLS))],
  ['/v1/responses', provider(responsesWire(texts, TOOL_CALLS))],
  ['/stats', answerStats],
]);

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (chunk: Buffer) => body.push(chunk));
  request.on('end', () => (routes.get(path(request)) ?? answerNotFound)(response, Buffer.concat(body)));
});
// Longer than a pause between two rounds: the server must not close a reused socket during a request.
server.keepAliveTimeout = 300_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));

function provider(wire: Wire) {
  const json = Buffer.from(wire.json);
  const toolCalls = Buffer.from(wire.toolCalls);
  const burst = Buffer.from(wire.opening + texts.map((text) => wire.delta(text)).join('') + wire.closing);
  const paced = pace.firstDeltaMs > 0 ? new PacedStreams(wire, texts, pace) : undefined;

  return (response: ServerResponse, body: Buffer) => {
    track(response);
    if (!body.includes('"stream":true')) {
      seen.json++;
      const answer = isFirstTurn(body) ? toolCalls : json;
      const fault = body.includes(MARKER) && answer === json ? faultOfResults(body) : undefined;
      if (fault !== undefined) refuse(response, fault);
      else response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
      return;
    }
    seen.streamed++;
    if (paced) paced.add(response, SSE);
    else response.writeHead(200, SSE).end(burst);
  };
}

/** Fails the run that sent the request, and so the measurement. */
function refuse(response: ServerResponse, message: string): void {
  process.stderr.write(`${message}\n`);
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
}

function track(response: ServerResponse): void {
  seen.peakOpen = Math.max(seen.peakOpen, ++seen.open);
  response.on('close', () => {
    seen.open--;
    if (!response.writableFinished) seen.aborted++;
  });
}

/** Resets the peak, so that each round has its own. */
function answerStats(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
  seen.peakOpen = seen.open;
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404).end();
}

function path(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
