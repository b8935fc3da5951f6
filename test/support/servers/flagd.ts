import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';

type Stream = ServerWritableStream<Buffer, string>;

const unchanged = (bytes: Buffer): Buffer => bytes;

/** `flagd.sync.v1` as a provider uses it: sends all flags as one text, and again after each change. */
const SYNC = {
  SyncFlags: {
    path: '/flagd.sync.v1.FlagSyncService/SyncFlags',
    requestStream: false,
    responseStream: true,
    requestSerialize: unchanged,
    requestDeserialize: unchanged,
    responseSerialize: firstField,
    responseDeserialize: String,
  },
};

/** A server of flagd's sync protocol with a test's flags. */
export class Flagd {
  readonly #streams = new Set<Stream>();
  readonly #server = new Server();
  #flags: string;
  port = 0;

  private constructor(flags: object) {
    this.#flags = JSON.stringify(flags);
    this.#server.addService(SYNC, { SyncFlags: (stream: Stream) => this.#serve(stream) });
  }

  /** @param port 0: any free port. */
  static async start(flags: object, port = 0): Promise<Flagd> {
    const flagd = new Flagd(flags);
    flagd.port = await new Promise((resolve, reject) => {
      const done = (error: Error | null, bound: number): void => (error ? reject(error) : resolve(bound));
      flagd.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), done);
    });
    return flagd;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The number of clients that follow its flags. */
  get readers(): number {
    return this.#streams.size;
  }

  /** Sends these flags to all followers from now on. */
  change(flags: object): void {
    this.#flags = JSON.stringify(flags);
    for (const stream of this.#streams) stream.write(this.#flags);
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #serve(stream: Stream): void {
    this.#streams.add(stream);
    stream.on('cancelled', () => this.#streams.delete(stream));
    stream.write(this.#flags);
  }
}

/** Returns a message whose field 1 is that text. */
function firstField(text: string): Buffer {
  const content = Buffer.from(text);
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([0x0a, ...length]), content]);
}
