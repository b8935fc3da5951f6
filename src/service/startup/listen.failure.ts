import type { Environment } from '../settings/environment.js';

/** Names the setting that lets the service listen, with the reason as its cause. */
export function listenFailure(cause: unknown, { HOST, PORT }: Environment): unknown {
  const hint = hintFor(cause, HOST, PORT);
  return hint === undefined ? cause : new Error(hint, { cause });
}

function hintFor(cause: unknown, host: string, port: number): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  const address = `${host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Another program listens on ${address} (EADDRINUSE). Stop it, or set another PORT: PORT=${nextPort(port)} npm start`;
    case 'EACCES':
      return `This user may not listen on ${address} (EACCES). Set PORT to 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST=${host} is not an address of this machine (${code}).`;
    default:
      return undefined;
  }
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : port - 1;
}
