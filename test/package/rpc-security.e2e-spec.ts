import type { ConnectionOptions } from 'node:tls';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { connect as connectNats } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { firstValueFrom, timeout } from 'rxjs';
import { openKeys } from '../../src/index.js';
import { framed, itOnOwnNats, RpcCaller, sendBytes, startOwnNats } from '../support/clients/rpc.js';
import { TestCertificate } from '../support/servers/certificates.js';
import { type Service, removeServices, startService, startToFail } from '../support/service/service.js';
import { describeOwnRedis, OwnRedis } from '../support/storage/redis.js';
import { until } from '../support/until.js';

const server = new TestCertificate();
const client = new TestCertificate();
const TLS = {
  RPC_TRANSPORT: 'tcp',
  RPC_PORT: '0',
  RPC_TLS_CERT_FILE: server.certFile,
  RPC_TLS_KEY_FILE: server.keyFile,
};

afterAll(async () => {
  await removeServices();
  server.remove();
  client.remove();
});

const portOf = (service: Service): number =>
  Number(service.logs.find(({ msg }) => msg === 'listening for messages')?.port);

/** Sends one chat. Returns its answer, or its failure. */
async function chatOver(service: Service, tlsOptions?: ConnectionOptions): Promise<unknown> {
  const options = { host: '127.0.0.1', port: portOf(service), ...(tlsOptions && { tlsOptions }) };
  const proxy = ClientProxyFactory.create({ transport: Transport.TCP, options });
  try {
    return await firstValueFrom(proxy.send('agent.chat', { message: 'hello' }).pipe(timeout(10_000)));
  } finally {
    await proxy.close();
  }
}

describe('RPC over TLS', () => {
  it('answers callers that trust its certificate, and cuts off those without TLS', async () => {
    const service = await startService(TLS);
    const { socket, said } = await sendBytes(
      portOf(service),
      framed({ pattern: 'agent.chat', id: 'a', data: { message: 'in clear text' } }),
    );

    expect(await chatOver(service, { ca: server.pem.cert })).toMatchObject({ reply: expect.any(String) });
    await expect(chatOver(service, { ca: client.pem.cert })).rejects.toBeDefined();
    await until('it is cut', () => socket.destroyed);
    expect(said()).not.toContain('reply');
  });

  it('demands a certificate of callers if there is a CA', async () => {
    const service = await startService({ ...TLS, RPC_TLS_CA_FILE: client.certFile });

    expect(await chatOver(service, { ca: server.pem.cert, ...client.pem })).toMatchObject({
      reply: expect.any(String),
    });
    await expect(chatOver(service, { ca: server.pem.cert })).rejects.toBeDefined();
    await expect(chatOver(service, { ca: server.pem.cert, ...server.pem })).rejects.toBeDefined();
  });

  it('prevents the start if a file is missing or does not match', async () => {
    const settings = { ...TLS, RPC_TLS_KEY_FILE: client.keyFile };

    expect((await startToFail(settings)).output).toContain('RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE or RPC_TLS_CA_FILE');
    expect((await startToFail({ ...TLS, RPC_TLS_KEY_FILE: '/none' })).output).toContain(
      'RPC_TLS_KEY_FILE: the file /none does not exist.',
    );
  });

  it('is warned of if it is allowed without TLS', async () => {
    const open = { RPC_TRANSPORT: 'tcp', RPC_HOST: '0.0.0.0', RPC_PORT: '0', AUTH_MODE: 'api-key' };

    expect((await startToFail(open)).output).toContain('RPC_HOST must be a loopback address without TLS');
    const service = await startService({ ...open, RPC_ALLOW_PLAINTEXT: 'true' });
    await until('it is logged', () => service.logs.find(({ msg }) => String(msg).includes('in clear text')));
  });
});

describe('RPC over NATS', () => {
  const chatMessage = JSON.stringify({ pattern: 'agent.chat', id: '1', data: { message: 'hello' } });

  itOnOwnNats('answers only to inboxes', async () => {
    const { url, own } = await startOwnNats();
    const connection = await connectNats({ servers: url });
    const received: string[] = [];
    connection.subscribe('>', { callback: (_, { subject }) => void received.push(subject) });
    try {
      await startService({ RPC_TRANSPORT: 'nats', RPC_URL: url });
      const subjects = ['payments.refund', '_INBOX', '_INBOXES.x', 'x._INBOX.y', '$JS.API.STREAM.CREATE.x'];
      for (const reply of subjects) connection.publish('agent.chat', chatMessage, { reply });
      const caller = RpcCaller.overNats(url);
      expect((await caller.call('agent.chat', { message: 'hello' })).answer).toMatchObject({
        reply: expect.any(String),
      });
      await caller.close();

      expect(received.filter((subject) => subjects.includes(subject))).toEqual([]);
    } finally {
      await connection.close();
      await own.kill();
    }
  });

  itOnOwnNats('answers to the inboxes of RPC_INBOX_PREFIXES alone', async () => {
    const { url, own } = await startOwnNats();
    const connection = await connectNats({ servers: url });
    const received: string[] = [];
    connection.subscribe('*.*', { callback: (_, { subject }) => void received.push(subject) });
    try {
      await startService({ RPC_TRANSPORT: 'nats', RPC_URL: url, RPC_INBOX_PREFIXES: '_INBOX_acme' });
      connection.publish('agent.chat', chatMessage, { reply: '_INBOX.a' });
      connection.publish('agent.chat', chatMessage, { reply: '_INBOX_acme.a' });
      await until('it is answered', () => received.includes('_INBOX_acme.a'));

      expect(received).not.toContain('_INBOX.a');
    } finally {
      await connection.close();
      await own.kill();
    }
  });
});

describeOwnRedis('RPC over Redis', () => {
  it('forgets refused messages soon, and marks nothing that is not a request', async () => {
    const redis = await OwnRedis.start();
    const watcher = new Redis(redis.url);
    const publisher = RpcCaller.overRedis(redis.url);
    const lifetimes = async (): Promise<number[]> =>
      Promise.all((await watcher.keys('rookery:rpc:*')).map((key) => watcher.ttl(key)));
    try {
      const service = await startService({ RPC_TRANSPORT: 'redis', RPC_URL: redis.url, AUTH_MODE: 'api-key' });
      const opened = await openKeys(service.databaseUrl);
      const { key } = await opened.keys.create({ name: 'a', tenant: 'acme', scopes: ['chat'] }, 'test');
      await opened.close();
      for (const text of ['{', 'null', '[]', '{"data":{}}', '{"id":7}', `{"id":"${'a'.repeat(1024 * 1024)}"}`]) {
        await watcher.publish('agent.chat', text);
      }
      const refusals = [{}, { credentials: 'bad' }, { credentials: { foo: 'a' } }, { message: 'ä'.repeat(140_000) }];
      for (const payload of refusals) {
        expect((await publisher.call('agent.chat', payload)).error).toMatchObject({ status: expect.any(Number) });
      }
      expect((await lifetimes()).map((seconds) => seconds <= 10)).toEqual([true, true, true, true]);

      const { answer } = await publisher.call('agent.chat', { message: 'hello', credentials: key });
      expect(answer).toMatchObject({ reply: expect.any(String) });
      expect((await lifetimes()).filter((seconds) => seconds > 500)).toHaveLength(1);
    } finally {
      await publisher.close();
      watcher.disconnect();
      await redis.kill();
    }
  });
});
