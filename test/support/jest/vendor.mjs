// Bundles third-party packages into one script, once per lockfile. Jest loads all modules anew for each suite. Reading,
// compiling and linking thousands of small modules is the slowest part of most suites.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache');
const SCRIPT = 'vendor.cjs';

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

/** Except those that fake timers replace. */
const INTRINSICS = runInNewContext('Object.getOwnPropertyNames(globalThis)').filter(
  (name) => /^[A-Z]/.test(name) && !['Date', 'Intl'].includes(name),
);

/**
 * The script as a function, as Node makes one of each CommonJS module. Intrinsics are local, because Jest intercepts
 * each access to a global.
 */
const OPENING = `(function (require, __filename, __dirname, url) {
  const { ${INTRINSICS.join(', ')} } = globalThis;
  return (function (module) {`;
const CLOSING = 'return module.exports; })({ exports: {} }); })';

const fileOf = (name) => name.replace(/^@/, '').replaceAll('/', '-').replace(/\.js$/, '');

/** Imports a package natively to learn its names, which a bundle of CommonJS would lose. */
async function namesOf(name) {
  return Object.keys(await import(name)).filter((key) => key !== 'module.exports');
}

async function bundle(folder) {
  const names = new Map();
  // One after the other: a CommonJS package cannot load a module that is still loading.
  for (const name of BUNDLED) names.set(name, await namesOf(name));
  const entries = {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
      onLoad({ filter: /./, namespace: 'entry' }, ({ path }) => ({
        contents: `export { ${names.get(path).join(', ')} } from '${path}';`,
        resolveDir: ROOT,
      }));
    },
  };
  const members = BUNDLED.map((name) => `'${name}': () => require('entry:${name}')`);
  await build({
    stdin: { contents: `module.exports = { ${members.join(', ')} };`, resolveDir: ROOT },
    outfile: join(folder, SCRIPT),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    keepNames: true,
    minifyWhitespace: true,
    // Imports become calls of Jest's `require`, so that these packages stay in the context of the suite.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'url', 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    external: EXTERNAL,
    plugins: [entries],
    banner: { js: OPENING },
    footer: { js: CLOSING },
    logLevel: 'error',
  });
  for (const [name, exported] of names) writeFileSync(join(folder, `${fileOf(name)}.mjs`), stubOf(name, exported));
}

/** A module of the suite that has the exports of the package in the script. */
function stubOf(name, names) {
  const isDefault = names.includes('default');
  const others = names.filter((each) => each !== 'default');
  return [
    "import { createRequire } from 'node:module';",
    `const exported = globalThis.vendorModules(createRequire(import.meta.url))['${name}']();`,
    `export const { ${others.join(', ')} } = exported;`,
    isDefault ? 'export default exported.default;' : '',
  ].join('\n');
}

/** Bundles unless it is done already, and returns the path of the script and Jest's name mapping to its parts. */
export async function vendor() {
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
  const moduleNameMapper = Object.fromEntries(
    BUNDLED.map((name) => [`^${name.replaceAll('.', '\\.')}$`, join(folder, `${fileOf(name)}.mjs`)]),
  );
  return { script: join(folder, SCRIPT), moduleNameMapper };
}
