// Bundles third-party packages into a few files, once per lockfile. Jest loads all modules anew for each suite.
// Reading thousands of small modules is the slowest part of most suites.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache');

/** One instance of each: whatever imports one of them, from anywhere, gets it from the bundle. */
const BUNDLED = [
  '@nestjs/common',
  '@nestjs/common/constants.js',
  '@nestjs/common/enums/route-paramtypes.enum.js',
  '@nestjs/core',
  '@nestjs/core/helpers/execution-context-host.js',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/platform-ws',
  '@nestjs/swagger',
  '@nestjs/testing',
  '@nestjs/throttler',
  '@nestjs/websockets',
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  'ajv/dist/2020.js',
  'class-transformer',
  'class-transformer/cjs/storage.js',
  'class-validator',
  'class-validator-jsonschema',
  'class-validator-jsonschema/build/options.js',
  'cockatiel',
  'decimal.js',
  'eventsource-parser',
  'fastify',
  'htmlparser2',
  'ipaddr.js',
  'kysely',
  'kysely/migration',
  'markdown-it',
  'openai/error',
  'pino',
  'prom-client',
  'reflect-metadata',
  'rxjs',
  'rxjs/operators',
  'standardwebhooks',
  'tokenx',
  'undici',
  'uuid',
  'ws',
];

/** Packages that a bundled one imports only if they are there, or that keep state of their own. */
const EXTERNAL = [
  '@fastify/*',
  '@grpc/*',
  '@nats-io/*',
  'amqp-connection-manager',
  'amqplib',
  'class-transformer/storage',
  'ioredis',
  'kafkajs',
  'mqtt',
  'nats',
  '@nestjs/platform-socket.io',
  'socket.io-adapter',
  'bufferutil',
  'utf-8-validate',
  '@mikro-orm/core',
];

/** Jest replaces `node:module`, so that these packages stay in the context of the suite. */
const PRELUDE =
  "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url), " +
  '__filename = import.meta.filename, __dirname = import.meta.dirname;';

const fileOf = (name) => name.replace(/^@/, '').replaceAll('/', '-').replace(/\.js$/, '');

/** Imports a package natively to learn its names, which a bundle of CommonJS would lose. */
async function entryOf(name) {
  const names = Object.keys(await import(name)).filter((key) => key !== 'module.exports');
  return `export { ${names.join(', ')} } from '${name}';`;
}

async function bundle(folder) {
  const contents = new Map();
  // One after the other: a CommonJS package cannot load a module that is still loading.
  for (const name of BUNDLED) contents.set(`entry:${name}`, await entryOf(name));
  const entries = {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({ path, namespace: 'entry' }));
      onLoad({ filter: /^entry:/, namespace: 'entry' }, ({ path }) => ({
        contents: contents.get(path),
        resolveDir: ROOT,
      }));
    },
  };
  await build({
    entryPoints: BUNDLED.map((name) => ({ in: `entry:${name}`, out: fileOf(name) })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    keepNames: true,
    minifyWhitespace: true,
    external: EXTERNAL,
    plugins: [entries],
    banner: { js: PRELUDE },
    logLevel: 'error',
  });
}

/** Bundles unless it is done already, and returns Jest's name mapping to the bundle. */
export async function vendorMapping() {
  const hash = createHash('sha256');
  for (const file of [join(ROOT, 'package-lock.json'), import.meta.filename]) hash.update(readFileSync(file));
  const folder = join(CACHE, `vendor-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(CACHE, { recursive: true });
    await bundle(draft);
    // Another run may have been faster.
    if (existsSync(folder)) rmSync(draft, { recursive: true });
    else renameSync(draft, folder);
  }
  return Object.fromEntries(
    BUNDLED.map((name) => [`^${name.replaceAll('.', '\\.')}$`, join(folder, `${fileOf(name)}.mjs`)]),
  );
}
