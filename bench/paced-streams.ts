import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Wire } from './wire.ts';

export interface Pace {
  firstDeltaMs: number;
  intervalMs: number;
  /** The text of every delta is its sending time. */
  isStamped: boolean;
}

interface PacedStream {
  response: ServerResponse;
  headers: OutgoingHttpHeaders;
  firstAtMs: number;
  sent: number;
}

const TICK_MS = 5;

/**
 * Streams whose deltas come at fixed times. One ticker serves them all: thousands of timers would cost more than the
 * service.
 * The first delta's text is its sending time `@<epoch ms>@`, from which a caller computes the lag.
 */
export class PacedStreams {
  private readonly streams = new Set<PacedStream>();
  private readonly wire: Wire;
  private readonly pace: Pace;
  private readonly count: number;
  // One buffer holds the later deltas, each framed as its own HTTP chunk: the due deltas are a slice of it.
  private readonly chunks: Buffer;
  private readonly ends: number[] = [0];

  constructor(wire: Wire, texts: string[], pace: Pace) {
    this.wire = wire;
    this.pace = pace;
    this.count = texts.length;
    const chunks = texts.slice(1).map((text) => httpChunk(wire.delta(text)));
    for (const chunk of chunks) this.ends.push((this.ends.at(-1) ?? 0) + chunk.length);
    this.chunks = Buffer.concat(chunks);
    setInterval(() => this.tick(), TICK_MS).unref();
  }

  add(response: ServerResponse, headers: OutgoingHttpHeaders): void {
    const stream = { response, headers, firstAtMs: performance.now() + this.pace.firstDeltaMs, sent: 0 };
    this.streams.add(stream);
    response.on('close', () => this.streams.delete(stream));
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const stream of this.streams) {
      const due = Math.min(this.count, 1 + Math.floor((nowMs - stream.firstAtMs) / this.pace.intervalMs));
      if (due > stream.sent) this.advance(stream, due);
    }
  }

  private advance(stream: PacedStream, due: number): void {
    const { response } = stream;
    if (stream.sent === 0) {
      response.writeHead(200, stream.headers);
      response.write(this.wire.opening + this.wire.delta(stamp()));
      stream.sent = 1;
    }
    // Bypasses the framing of http, which would cost three buffers per delta.
    if (due > stream.sent) response.socket?.write(this.chunksOf(stream.sent, due));
    stream.sent = due;
    if (due < this.count) return;
    this.streams.delete(stream);
    response.end(this.wire.closing);
  }

  private chunksOf(sent: number, due: number): Buffer {
    if (!this.pace.isStamped) return this.chunks.subarray(this.ends[sent - 1], this.ends[due - 1]);
    return Buffer.concat(Array<Buffer>(due - sent).fill(httpChunk(this.wire.delta(stamp()))));
  }
}

function stamp(): string {
  return `@${Date.now()}@`;
}

function httpChunk(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}
