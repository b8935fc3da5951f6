// Bundles the built service and the modules that each start loads into a few files in dist/app. Reading thousands of
// modules is the slowest part of a start. The module for hosts is not bundled. With arguments it bundles another
// application: `node .ci/bundle.mjs FOLDER ENTRY…`.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const APP = join(DIST, 'app');

/** All entries lie in one folder: each file finds package.json and the workers relative to itself. */
const ENTRIES = [
  'main.js',
  'main.keys.js',
  'main.audit.js',
  'agents/schemas/schema.worker.js',
  'tools/javascript.worker.js',
];

/** Packages that are loaded on demand or read files beside their code. */
const EXTERNAL = [
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

/** Optional packages that Nest looks for and the service does not use. */
const ABSENT_OPTIONALS = [
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

/** Globals that CommonJS packages expect. */
const PRELUDE =
  "const require = process.getBuiltinModule('module').createRequire(import.meta.url), " +
  '__filename = import.meta.filename, __dirname = import.meta.dirname;';

/** The prelude enters the sandbox as the source text of its functions, so it must not use a bundler's helpers. */
const keepPrelude = {
  name: 'keep-prelude',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/javascript\.prelude\.js$/ }, () => ({
      path: '../tools/javascript.prelude.js',
      external: true,
    })),
};

const [folder = APP, ...entries] = process.argv.slice(2);

rmSync(folder, { recursive: true, force: true });
await build({
  entryPoints: entries.length > 0 ? entries : ENTRIES.map((entry) => join(DIST, entry)),
  outdir: folder,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Nest, class-validator and the log use the names of classes.
  keepNames: true,
  external: [...EXTERNAL, ...ABSENT_OPTIONALS].flatMap((name) => [name, `${name}/*`]),
  plugins: [keepPrelude],
  banner: { js: PRELUDE },
  logLevel: 'error',
});
