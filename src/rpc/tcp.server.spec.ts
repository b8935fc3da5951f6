import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { RpcTcpServer } from './tcp.server.js';

/** As many as one address may open. */
const PER_ADDRESS = 512;

describe('the TCP server for messages', () => {
  const sockets: Socket[] = [];
  let server: RpcTcpServer;
  let port: number;

  beforeEach(async () => {
    server = new RpcTcpServer({ host: '127.0.0.1', port: 0 });
    await new Promise<void>((resolve) => server.listen(() => resolve()));
    const address: unknown = server.unwrap<{ address(): unknown }>().address();
    port = typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  /** Resolves with a socket that is open, or that the server has closed. */
  async function open(localAddress: string): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    return socket;
  }

  /** Whether the server answers a message. */
  async function isServed(socket: Socket): Promise<boolean> {
    const text = JSON.stringify({ pattern: 'unknown', id: 'a', data: {} });
    socket.write(`${text.length}#${text}`);
    const answered = once(socket, 'data').then(
      () => true,
      () => false,
    );
    return await Promise.race([answered, once(socket, 'close').then(() => false)]);
  }

  it('serves other addresses than the one that opens many connections', async () => {
    for (let count = 0; count < PER_ADDRESS; count++) await open('127.0.0.1');
    expect(await isServed(await open('127.0.0.1'))).toBe(false);
    expect(await isServed(await open('127.0.0.2'))).toBe(true);

    const [first] = sockets;
    if (first) await once(first.destroy(), 'close');
    const again = async (): Promise<boolean> => await isServed(await open('127.0.0.1'));
    expect((await again()) || (await again())).toBe(true);
  });
});
