import { Server } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import { RpcController, type RpcEnd, rpcServer, type RpcTransport } from '../rpc/index.js';
import type { Environment } from './settings/environment.js';

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
}

function transportOf({ RPC_TRANSPORT, RPC_HOST, RPC_PORT, RPC_URL = '' }: Environment): RpcTransport | undefined {
  if (RPC_TRANSPORT === 'none') return undefined;
  if (RPC_TRANSPORT === 'tcp') return { transport: 'tcp', host: RPC_HOST, port: RPC_PORT };
  return { transport: RPC_TRANSPORT, url: RPC_URL };
}

/** Returns the address of a listening socket. Returns nothing for a broker: its URL may contain a password. */
function placeOf(server: unknown): { readonly host?: string; readonly port?: number } {
  const address = server instanceof Server ? server.address() : null;
  if (address === null || typeof address === 'string') return {};
  return { host: address.address, port: address.port };
}
