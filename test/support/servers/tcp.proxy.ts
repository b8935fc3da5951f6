import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy to a server on this machine; cutting it does not harm the server. */
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

  /** Bytes that `silence` has dropped on the way to the server. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Ends all connections, and refuses new ones. */
  cut(): void {
    this.#isCut = true;
    this.#breakAll();
  }

  /** Accepts all data and drops it, like a lossy network. */
  silence(): void {
    this.#isSilent = true;
  }

  /**
   * Breaks all connections once the server answers data with these words. The client never sees that answer, and may
   * reconnect.
   */
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
    // A test breaks sockets on purpose.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
