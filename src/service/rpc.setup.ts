import { readFileSync } from 'node:fs';
import { Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import { pathFault } from '../errors/path.fault.js';
import { RpcController, type RpcEnd, rpcServer, type RpcTls, type RpcTransport } from '../rpc/index.js';
import type { Environment } from './settings/environment.js';
import { isLoopback } from './settings/setting.rules.js';
import { listOf } from './settings/text.list.js';

/** The message entry point for other Nest services. Logs one line per message. */
export class ServiceRpcController extends RpcController {
  protected override ended(end: RpcEnd): void {
    this.logger.log({ ...end, msg: 'request' });
  }
}

/** Opens the message entry point if the settings enable it. @throws Error if it cannot listen. */
export async function startRpc(app: INestApplication, environment: Environment, logger: Logger): Promise<void> {
  const transport = transportOf(environment);
  // A worker has no entry points.
  if (transport === undefined || environment.PROCESS_ROLE === 'worker') return;
  const microservice = app.connectMicroservice({ strategy: rpcServer(transport) });
  await app.startAllMicroservices();
  logger.info({ transport: transport.transport, ...placeOf(microservice.unwrap()) }, 'listening for messages');
  if (isExposed(transport)) logger.warn('messages and their keys travel in clear text; use TLS between machines');
}

function transportOf(environment: Environment): RpcTransport | undefined {
  const { RPC_TRANSPORT, RPC_HOST: host, RPC_PORT: port, RPC_URL: url = '' } = environment;
  switch (RPC_TRANSPORT) {
    case 'none':
      return undefined;
    case 'tcp':
      return { transport: 'tcp', host, port, tls: readTls(environment) };
    case 'redis':
      return { transport: 'redis', url };
    case 'nats':
      return { transport: 'nats', url, inboxes: listOf(environment.RPC_INBOX_PREFIXES) };
  }
}

/** Reads the files of certificates. @throws Error that names the setting of the file that cannot be used. */
function readTls(environment: Environment): RpcTls | undefined {
  const { RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE, RPC_TLS_CA_FILE } = environment;
  if (RPC_TLS_CERT_FILE === undefined || RPC_TLS_KEY_FILE === undefined) return undefined;
  const tls = {
    cert: readPart('RPC_TLS_CERT_FILE', RPC_TLS_CERT_FILE),
    key: readPart('RPC_TLS_KEY_FILE', RPC_TLS_KEY_FILE),
    ca: RPC_TLS_CA_FILE === undefined ? undefined : readPart('RPC_TLS_CA_FILE', RPC_TLS_CA_FILE),
  };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new Error('RPC_TLS_CERT_FILE, RPC_TLS_KEY_FILE or RPC_TLS_CA_FILE is not valid PEM, or they do not match.', {
      cause,
    });
  }
  return tls;
}

function readPart(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`${setting}: ${pathFault('file', path, cause)}. Create it, or correct ${setting}.`, { cause });
  }
}

/** Returns true if messages leave this machine without TLS. */
function isExposed(transport: RpcTransport): boolean {
  if (transport.transport === 'tcp') return transport.tls === undefined && !isLoopback(transport.host);
  const urls = listOf(transport.url).map((url) => new URL(url));
  return urls.some(({ protocol, hostname }) => /^(redis|nats):$/.test(protocol) && !isLoopback(hostname));
}

/** Returns the address of a listening socket. Returns nothing for a broker: its URL may contain a password. */
function placeOf(server: unknown): { readonly host?: string; readonly port?: number } {
  const address = server instanceof Server ? server.address() : null;
  if (address === null || typeof address === 'string') return {};
  return { host: address.address, port: address.port };
}
