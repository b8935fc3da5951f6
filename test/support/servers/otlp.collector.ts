import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LoopbackServer } from './loopback.server.js';

/** A span as received. */
export interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** '' for the first one of a trace. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly isError: boolean;
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

const NOTHING = Buffer.alloc(0);

/** A collector on loopback that speaks OTLP over HTTP, with protobuf. */
export class OtlpCollector extends LoopbackServer {
  readonly spans: WireSpan[] = [];
  readonly resource = new Map<string, unknown>();
  /** The bodies as received. */
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** The collector accepts requests but does not answer. */
  isMute = false;

  static async start(): Promise<OtlpCollector> {
    return await new OtlpCollector().listen();
  }

  get url(): string {
    return this.origin;
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/x-protobuf') {
      response.writeHead(404).end();
      return;
    }
    this.headers.push(request.headers);
    this.take(body);
    if (!this.isMute) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }

  private take(body: Buffer): void {
    this.bodies.push(body);
    for (const resourceSpans of all(body, 1)) {
      for (const resource of all(resourceSpans, 1)) {
        for (const [name, value] of attributesOf(resource, 1)) this.resource.set(name, value);
      }
      for (const scope of all(resourceSpans, 2)) this.spans.push(...all(scope, 2).map(spanOf));
    }
  }
}

function spanOf(bytes: Buffer): WireSpan {
  const [status = NOTHING] = all(bytes, 15);
  return {
    traceId: (all(bytes, 1)[0] ?? NOTHING).toString('hex'),
    spanId: (all(bytes, 2)[0] ?? NOTHING).toString('hex'),
    parentId: (all(bytes, 4)[0] ?? NOTHING).toString('hex'),
    name: (all(bytes, 5)[0] ?? NOTHING).toString(),
    kind: Number(fieldsOf(bytes).find(({ number }) => number === 6)?.value ?? 0),
    attributes: new Map(attributesOf(bytes, 9)),
    isError: fieldsOf(status).some(({ number, value }) => number === 3 && value === 2n),
  };
}

function attributesOf(bytes: Buffer, field: number): [string, unknown][] {
  return all(bytes, field).map((pair) => [
    (all(pair, 1)[0] ?? NOTHING).toString(),
    valueOf(all(pair, 2)[0] ?? NOTHING),
  ]);
}

function valueOf(bytes: Buffer): unknown {
  const [field] = fieldsOf(bytes);
  switch (field?.number) {
    case 1:
      return field.bytes.toString();
    case 2:
      return field.value === 1n;
    case 3:
      return Number(field.value);
    case 5:
      return all(field.bytes, 1).map(valueOf);
    default:
      return undefined;
  }
}

function all(bytes: Buffer, field: number): Buffer[] {
  return fieldsOf(bytes)
    .filter(({ number }) => number === field)
    .map((each) => each.bytes);
}

/** Returns the fields of a protobuf message. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [number, type] = [tag >> 3, tag & 7];
    if (type === 0) fields.push({ number, bytes: NOTHING, value: varint() });
    else {
      const length = type === 1 ? 8 : type === 5 ? 4 : Number(varint());
      fields.push({ number, bytes: bytes.subarray(at, at + length), value: 0n });
      at += length;
    }
  }
  return fields;
}
