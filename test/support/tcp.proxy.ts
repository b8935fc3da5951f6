import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire to a server on this machine, which a test can cut without harm to the server. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isSilent = false;
  #last: string | undefined;
  #lostBytes = 0;
  readonly #server: Server;
  readonly #target: number;

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, port);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (client) => this.#connect(client));
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    return address.port;
  }

  /** What was sent to the server in silence. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Ends all connections, and new ones as soon as they come. */
  cut(): void {
    this.#isCut = true;
    this.#breakAll();
  }

  /** Takes everything and passes nothing on, as a network does that loses it. */
  silence(): void {
    this.#isSilent = true;
  }

  /** Breaks once the server has answered what holds these words; the client does not see the answer, and may come anew. */
  breakAfter(words: string): void {
    this.#last = words;
  }

  mend(): void {
    this.#isCut = false;
    this.#isSilent = false;
    this.#last = undefined;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: Socket): void {
    if (this.#isCut) return void client.destroy();
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    let isLast = false;
    this.#keep(client, server);
    this.#keep(server, client);
    client.on('data', (chunk) => {
      if (this.#isSilent) return void (this.#lostBytes += chunk.length);
      isLast ||= this.#last !== undefined && chunk.includes(this.#last);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (isLast) this.#breakAll();
      else if (!this.#isSilent) client.write(chunk);
    });
  }

  #breakAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('end', () => {
      if (!this.#isSilent) other.end();
    });
    // What a test breaks on purpose is no news.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
