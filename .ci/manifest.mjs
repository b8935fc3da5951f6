// Makes the manifest of the published package. package.json describes the service and its development. A host gets only
// the module: its peers are the packages shared with the host. It omits the Node that serves our npm scripts.

const ENGINES = { node: '>=24.9' };
/** The command of the package. That of the service has more. */
const BIN = { rookery: 'dist/cli/bin.js' };
/** A second copy of these would not see the host's decorators and providers. */
const PEERS = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/swagger',
  '@opentelemetry/api',
  'class-transformer',
  'class-validator',
  'reflect-metadata',
  'rxjs',
];
/** Loaded only if the host uses the feature. */
const OPTIONAL_PEERS = [
  '@ai-sdk/provider',
  '@grpc/grpc-js',
  '@modelcontextprotocol/sdk',
  '@nats-io/transport-node',
  '@nestjs/microservices',
  '@nestjs/platform-ws',
  '@nestjs/testing',
  '@nestjs/websockets',
  '@openfeature/core',
  '@openfeature/flagd-core',
  '@openfeature/flagd-provider',
  '@openfeature/server-sdk',
  'bullmq',
  'ioredis',
  'jose',
  'pg',
  'rate-limiter-flexible',
  'ws',
  'yaml',
];
/** Only the ready-made service loads these, and the package does not contain it. */
const SERVICE_PACKAGES = [
  '@fastify/cors',
  '@fastify/static',
  '@nestjs/platform-fastify',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  'decimal.js',
  'fastify',
  'htmlparser2',
  'markdown-it',
  'pino',
  'quickjs-emscripten',
];

/** Returns the published manifest. */
export function manifestOf(source) {
  const { name, version, description, license, private: isPrivate, type, exports, files } = source;
  const versions = { ...source.devDependencies, ...source.dependencies };
  const rangeOf = (peer) => {
    if (versions[peer] === undefined) throw new Error(`.ci/manifest.mjs: package.json has no ${peer}.`);
    return `^${versions[peer]}`;
  };
  const moved = new Set([...PEERS, ...OPTIONAL_PEERS, ...SERVICE_PACKAGES]);
  return {
    name,
    version,
    description,
    license,
    private: isPrivate,
    type,
    engines: ENGINES,
    bin: BIN,
    exports,
    files,
    dependencies: Object.fromEntries(Object.entries(source.dependencies).filter(([each]) => !moved.has(each))),
    peerDependencies: Object.fromEntries([...PEERS, ...OPTIONAL_PEERS].map((peer) => [peer, rangeOf(peer)])),
    peerDependenciesMeta: Object.fromEntries(OPTIONAL_PEERS.map((peer) => [peer, { optional: true }])),
  };
}
