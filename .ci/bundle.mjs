// Joins the built service and what every start of it loads into few files, in dist/app: reading thousands of modules
// takes longer than all else that a start does. The module for hosts stays as it was built.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const APP = join(DIST, 'app');

/** Flat: a file finds package.json and the workers from where it lies. */
const ENTRIES = [
  'main.js',
  'main.keys.js',
  'main.audit.js',
  'agents/schema.worker.js',
  'service/tools/javascript.worker.js',
];

/** Loaded on demand, or with files of their own beside their code. */
const LEFT_OUTSIDE = [
  '@grpc/grpc-js',
  '@nats-io/transport-node',
  '@modelcontextprotocol/sdk',
  '@openfeature/core',
  '@openfeature/flagd-core',
  '@openfeature/flagd-provider',
  '@openfeature/server-sdk',
  'bullmq',
  'ioredis',
  'jose',
  'pg',
  'quickjs-emscripten',
  'rate-limiter-flexible',
  'swagger-ui-dist',
  'yaml',
];

/** What Nest looks for and the service does without. */
const DONE_WITHOUT = [
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/platform-express',
  '@nestjs/platform-socket.io',
  'amqp-connection-manager',
  'amqplib',
  'class-transformer/storage',
  'kafkajs',
  'mqtt',
];

/** What packages in CommonJS expect to be there. */
const PRELUDE =
  "const require = process.getBuiltinModule('module').createRequire(import.meta.url), " +
  '__filename = import.meta.filename, __dirname = import.meta.dirname;';

/** Goes into the sandbox as the text of its functions, where nothing that a bundler adds exists. */
const keepPrelude = {
  name: 'keep-prelude',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/javascript\.prelude\.js$/ }, () => ({
      path: '../service/tools/javascript.prelude.js',
      external: true,
    })),
};

rmSync(APP, { recursive: true, force: true });
await build({
  entryPoints: ENTRIES.map((entry) => join(DIST, entry)),
  outdir: APP,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Nest, class-validator and the log go by the names of classes.
  keepNames: true,
  external: [...LEFT_OUTSIDE, ...DONE_WITHOUT].flatMap((name) => [name, `${name}/*`]),
  plugins: [keepPrelude],
  banner: { js: PRELUDE },
  logLevel: 'error',
});
