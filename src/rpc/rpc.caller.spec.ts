import { Socket } from 'node:net';
import { JsonSocket, TcpContext } from '@nestjs/microservices';
import { addressOf } from './rpc.caller.js';

function contextOf(remoteAddress: string): TcpContext {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  return new TcpContext([new JsonSocket(socket), 'agent.chat']);
}

describe('the sender address of a message', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['2001:0DB8::1', '2001:db8::1'],
  ])('is for a socket of %s %s, as over HTTP', (remote, address) => {
    expect(addressOf(contextOf(remote))).toBe(address);
  });

  it('is unknown behind a broker', () => expect(addressOf({})).toBe('unknown'));
});
