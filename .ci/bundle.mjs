// Bundles the built service with the modules that it loads into one script in dist/app. Reading and compiling thousands
// of modules is the slowest part of a start. The module for hosts is not bundled. With arguments it bundles another
// application, which starts once with the settings of the environment: `node .ci/bundle.mjs FOLDER ENTRY…`.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, parse, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withoutNeedlessNames } from './bundle.names.mjs';
import { keepCode } from './code.cache.mjs';

const CI = dirname(fileURLToPath(import.meta.url));
const ROOT = join(CI, '..');
const DIST = join(ROOT, 'dist');
const APP = join(DIST, 'app');

/** The first one starts the application. All lie in one folder: each file finds package.json relative to itself. */
const ENTRIES = [
  'main.js',
  'main.keys.js',
  'main.audit.js',
  'main.rookery.js',
  'agents/schemas/schema.worker.js',
  'tools/javascript.worker.js',
];

/** Packages that are loaded on demand or read files beside their code. */
const EXTERNAL = [
  '@swc/core',
  '@grpc/grpc-js',
  '@nats-io/transport-node',
  '@modelcontextprotocol/sdk',
  '@openfeature/core',
  '@openfeature/flagd-core',
  '@openfeature/flagd-provider',
  '@openfeature/server-sdk',
  'bullmq',
  'commander',
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

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Nest, class-validator and the log use the names of classes.
  keepNames: true,
  external: [...EXTERNAL, ...ABSENT_OPTIONALS].flatMap((name) => [name, `${name}/*`]),
  logLevel: 'error',
};

/**
 * Files that stay as they are. The prelude enters the sandbox as the source text of its functions, so it must not use a
 * bundler's helpers. The other one imports modules of ECMAScript, which a script cannot.
 */
const KEPT = { 'javascript.prelude.js': '../tools/', 'module.import.js': '../service/files/' };
const keepFiles = {
  name: 'keep-files',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(javascript\.prelude|module\.import)\.js$/ }, ({ path }) => {
      const name = basename(path);
      return { path: `${KEPT[name]}${name}`, external: true };
    }),
};

/** Text of one byte for each character is read faster, and esbuild leaves other characters in regular expressions. */
const asciiOnly = {
  name: 'ascii-only',
  setup({ initialOptions: { outfile }, onEnd }) {
    onEnd(() => writeFileSync(outfile, readFileSync(outfile, 'utf8').replace(/[\u0080-\uffff]/g, escaped)));
  },
};

/** Setting a property is slow, and most functions have their name already. */
const nameOnlyRenamed = {
  name: 'name-only-renamed',
  setup({ initialOptions: { outfile }, onEnd }) {
    onEnd(() => {
      const script = readFileSync(outfile, 'utf8');
      const helper = /var __name=\((\w+),value\)=>(__defProp\()/.exec(script);
      if (helper === null) throw new Error('The helper __name of the bundler has another form.');
      const [text, target] = helper;
      const careful = script.replace(text, () => text.replace('=>', `=>${target}.name===value?${target}:`));
      writeFileSync(outfile, withoutNeedlessNames(careful));
    });
  },
};

function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Metadata of all telephone numbers of the world, for a decorator that the service does not use. */
const omitTelephones = {
  name: 'omit-telephones',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^libphonenumber-js/ }, ({ path }) => ({ path, namespace: 'omitted' }));
    onLoad({ filter: /./, namespace: 'omitted' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** The entries get what they import from here; the source is code.modules.mjs. */
const MODULES = './modules.js';

/**
 * The modules of the service that load the package. The entries have the others themselves: reading the script and
 * loading the package take most of the time of a command that needs neither.
 */
const WITH_PACKAGE = new Set(
  [
    'application',
    'settings/environment.reader',
    'keys.command',
    'audit.command',
    'commands/doctor.command',
    'commands/backup.command',
  ].map((name) => `./dist/service/${name}.js`),
);

/** Makes entries load what needs the package from the script, and collects its names. */
const loadFromScript = (names) => ({
  name: 'load-from-script',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point' || path.startsWith('node:')) return undefined;
      if (path === MODULES) return { path, external: true };
      const name = path.startsWith('.') ? `./${relative(ROOT, join(resolveDir, path)).replaceAll(sep, '/')}` : path;
      if (isService && !WITH_PACKAGE.has(name)) return undefined;
      names.add(name);
      return { path: name, namespace: 'script' };
    });
    onLoad({ filter: /./, namespace: 'script' }, ({ path }) => ({
      contents: `module.exports = require('${MODULES}').modules['${path}']();`,
    }));
  },
});

const [folder = APP, ...others] = process.argv.slice(2);
const isService = others.length === 0;
const entries = isService ? ENTRIES.map((entry) => join(DIST, entry)) : others;
const isWorker = (entry) => entry.endsWith('.worker.js');

rmSync(folder, { recursive: true, force: true });
await bundleEntries(entries.filter(isWorker), [keepFiles]);
const names = new Set();
const [first, ...more] = entries.filter((entry) => !isWorker(entry));
const inputs = await bundleEntries([first, ...more], [loadFromScript(names)]);
if (isService && inputs.some((input) => /node_modules\/@nestjs\//.test(input))) {
  throw new Error('An entry has the package. Add the module that imports it to WITH_PACKAGE.');
}
await bundleScript([...names]);
copyFileSync(join(CI, 'code.modules.mjs'), join(folder, MODULES));
keepCode(folder, `${parse(first).name}.js`, isService ? { PATH: process.env.PATH } : process.env);

async function bundleEntries(entryPoints, plugins) {
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints,
    outdir: folder,
    entryNames: '[name]',
    format: 'esm',
    plugins,
    banner: { js: PRELUDE },
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** The script is a function, as Node makes one of each CommonJS module. */
async function bundleScript(modules) {
  const members = modules.map((name) => `'${name}': () => require('${name}')`);
  await build({
    ...OPTIONS,
    stdin: { contents: `module.exports = { ${members.join(', ')} };`, resolveDir: ROOT },
    outfile: join(folder, 'modules.cjs'),
    format: 'cjs',
    // Fewer bytes to read. Stack traces keep the names of functions, and lines that one can find.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 200,
    // Node warns of imports in a script, and can load modules of ECMAScript with `require`.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'url', 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    plugins: [keepFiles, omitTelephones, asciiOnly, nameOnlyRenamed],
    banner: { js: '(function (exports, require, module, __filename, __dirname, url) {' },
    footer: { js: '})' },
  });
}
