import '../requirements.js';
export { RpcController } from './rpc.controller.js';
export type { RpcEnd } from './rpc.calls.js';
export type { RpcError } from './rpc.failure.js';
export type { RpcCredentials, RpcEnvelope } from './rpc.message.js';
export { rpcServer, type RpcTransport } from './rpc.server.js';
export type { RpcTls } from './tcp.server.js';
