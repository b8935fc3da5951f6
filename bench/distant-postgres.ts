// A PostgreSQL at a distance: passes connections on to a server, and delays each direction. Answers `/stats` over HTTP.
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { announce } from './announce.ts';

export interface DistantStats {
  /** The port for clients of PostgreSQL. */
  port: number;
  /** Statements that clients have sent. */
  statements: number;
  /** How often a client has sent something after an answer. Concurrent ones of several connections count each. */
  roundTrips: number;
}

interface Parcel {
  readonly dueMs: number;
  readonly bytes: Buffer;
  readonly to: Socket;
}

const { values } = parseArgs({
  options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string' }, 'delay-ms': { type: 'string' } },
});
const delayMs = Number(values['delay-ms']);
/** Timers of Node take a millisecond at least. */
const NAP_MS = 0.05;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

const stats = { statements: 0, roundTrips: 0 };
const parcels: Parcel[] = [];
let isDelivering = false;

function send(bytes: Buffer, to: Socket): void {
  parcels.push({ dueMs: performance.now() + delayMs, bytes, to });
  if (isDelivering) return;
  isDelivering = true;
  setImmediate(deliver);
}

/** Delivers what is due. Between its naps other bytes arrive. */
function deliver(): void {
  for (let [next] = parcels; next && next.dueMs <= performance.now(); [next] = parcels) {
    parcels.shift();
    if (!next.to.destroyed) next.to.write(next.bytes);
  }
  isDelivering = parcels.length > 0;
  if (!isDelivering) return;
  Atomics.wait(sleeper, 0, 0, NAP_MS);
  setImmediate(deliver);
}

/** Counts the statements in what a client sends: `Q` is a simple one, `E` executes a prepared one. */
class StatementCounter {
  #left: Buffer = Buffer.alloc(0);
  #hasStarted = false;

  add(bytes: Buffer): void {
    let rest = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    for (;;) {
      // The first message has no type.
      const typeLength = this.#hasStarted ? 1 : 0;
      if (rest.length < typeLength + 4) break;
      const length = typeLength + rest.readInt32BE(typeLength);
      if (rest.length < length) break;
      const type = this.#hasStarted ? String.fromCharCode(rest[0] ?? 0) : '';
      if (type === 'Q' || type === 'E') stats.statements++;
      this.#hasStarted = true;
      rest = rest.subarray(length);
    }
    this.#left = rest;
  }
}

const distant = createServer({ noDelay: true }, (client) => {
  const server = connect({ host: values.host, port: Number(values.port), noDelay: true });
  const counter = new StatementCounter();
  let hasAnswered = true;
  client.on('data', (bytes: Buffer) => {
    counter.add(bytes);
    if (hasAnswered) stats.roundTrips++;
    hasAnswered = false;
    send(bytes, server);
  });
  server.on('data', (bytes: Buffer) => {
    hasAnswered = true;
    send(bytes, client);
  });
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});

distant.listen(0, '127.0.0.1', () => {
  const address = distant.address();
  const port = typeof address === 'object' && address ? address.port : NaN;
  const answers = createHttpServer((_, response) => response.end(JSON.stringify({ port, ...stats })));
  answers.listen(0, '127.0.0.1', () => announce(answers));
});
