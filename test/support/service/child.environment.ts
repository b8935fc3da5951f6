import { fileURLToPath } from 'node:url';

/** For each process of the built service or its command line. They share Node's compile cache. */
export const CHILD_ENVIRONMENT = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/service', import.meta.url)),
} as const;

/** Flags of Node for processes that live briefly: they save a tenth of the CPU time of a start. */
export const SHORT_LIVED = ['--single-threaded-gc', '--min-semi-space-size=16'];

/** All settings of the service, except its own database; nothing is inherited. */
export type Settings = Record<string, string>;
