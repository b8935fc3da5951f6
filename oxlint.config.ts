import { defineConfig } from 'oxlint';

/** The lowest layer, which all layers above it may import. */
const FOUNDATION = ['async', 'errors', 'json'];

/**
 * The layers: the folders that each folder of src/ may import besides the foundation, lowest first. An unlisted folder
 * may import none.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  telemetry: [],
  storage: [],
  models: [],
  auth: ['storage'],
  http: ['storage', 'telemetry', 'auth'],
  audit: ['storage', 'auth', 'http'],
  agents: ['telemetry', 'models', 'auth', 'http'],
  releases: ['storage', 'auth', 'http', 'agents'],
  usage: ['storage', 'auth', 'http'],
  keys: ['storage', 'auth', 'http', 'audit'],
  sessions: ['storage', 'auth', 'http', 'audit'],
  switches: ['storage', 'auth', 'http', 'audit'],
  runs: [
    'telemetry',
    'storage',
    'models',
    'auth',
    'http',
    'audit',
    'agents',
    'releases',
    'usage',
    'sessions',
    'switches',
  ],
  chat: ['auth', 'http', 'runs'],
  tasks: ['telemetry', 'storage', 'auth', 'http', 'audit', 'agents', 'usage', 'sessions', 'switches', 'runs', 'chat'],
  openai: ['storage', 'models', 'auth', 'http', 'audit', 'agents', 'usage', 'sessions', 'runs', 'tasks'],
  privacy: ['storage', 'auth', 'http', 'audit', 'usage', 'keys', 'sessions', 'runs'],
  health: ['telemetry', 'storage', 'models', 'runs', 'tasks'],
  options: ['storage', 'telemetry', 'models', 'auth', 'keys', 'http', 'agents', 'releases', 'usage', 'runs', 'tasks'],
  studio: ['http'],
  rpc: ['telemetry', 'storage', 'auth', 'http', 'runs', 'chat', 'tasks'],
  websocket: ['chat', 'openai'],
};

/** The folders that may import a file at the root of src/. */
const MAY_IMPORT_ROOT: Readonly<Record<string, readonly string[]>> = {
  options: ['agent.options.js'],
  rpc: ['requirements.js'],
  websocket: ['requirements.js'],
  models: ['requirements.js'],
  openai: ['requirements.js'],
};

/** These play the role of an application, so they import only the public parts of the package. */
const MAY_IMPORT_FILES: Readonly<Record<string, readonly string[]>> = {
  testing: ['requirements.js', 'async/**', 'agent.module.js', 'agent.options.js', 'models/**', 'runs/**', 'storage/**'],
  tools: ['index.js', 'errors/path.fault.js'],
  cli: ['async/**', 'client/index.js', 'errors/path.fault.js'],
  service: [
    'index.js',
    'rpc/index.js',
    'websocket/index.js',
    'openai/index.js',
    'studio/index.js',
    'tools/**',
    'cli/**',
    'auth/scopes.js',
    'errors/make.folder.js',
    'errors/path.fault.js',
  ],
};

/** Forbids imports that match patterns as in .gitignore; `!` allows again. */
function forbid(files: string, group: readonly string[], message: string) {
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] } } as const;
}

/** Files of a folder and its subfolders may import only that folder and the listed ones. */
function layer(folder: string, allowed: readonly string[]) {
  const message = `${folder}/ may import ${allowed.join(', ') || 'no other folder'}: see the layers in oxlint.config.ts.`;
  const beyond = (up: string) => [`${up}*/**`, `${up}*.js`, ...allowed.map((path) => `!${up}${path}`)];
  return [
    forbid(`src/${folder}/*.ts`, beyond('../'), message),
    forbid(`src/${folder}/*/*.ts`, beyond('../../'), message),
  ];
}

const layers = [
  ...layer('async', []),
  ...layer('json', []),
  ...layer('errors', ['json/**']),
  ...Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) =>
    layer(folder, [...[...FOUNDATION, ...allowed].map((other) => `${other}/**`), ...(MAY_IMPORT_ROOT[folder] ?? [])]),
  ),
];

export default defineConfig({
  jsPlugins: ['./.ci/lint.plugin.mjs'],
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    // The one lets code read the declared types of decorated fields. The other checks the versions of Node and Nest.
    'import/no-unassigned-import': ['error', { allow: ['reflect-metadata', '**/requirements.js', '**/*.css'] }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'no-console': 'error',
    'rookery/max-params': 'error',
    'max-lines': ['warn', 300],
    'typescript/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
    'typescript/consistent-return': 'off',
    // Transports of MCP have handlers as properties; they are not event targets.
    'unicorn/prefer-add-event-listener': 'off',
    // Only windows have an origin; threads have none.
    'unicorn/require-post-message-target-origin': 'off',
    'no-await-in-loop': 'off',
  },
  overrides: [
    {
      // JSON and metadata are `any`: they are `unknown` until a check narrows them.
      files: ['src/**/*.ts', 'studio/**/*.{ts,tsx}'],
      rules: {
        'typescript/no-unsafe-argument': 'error',
        'typescript/no-unsafe-assignment': 'error',
        'typescript/no-unsafe-call': 'error',
        'typescript/no-unsafe-member-access': 'error',
        'typescript/no-unsafe-return': 'error',
      },
    },
    ...layer('*', []),
    ...layers,
    ...Object.entries(MAY_IMPORT_FILES).flatMap(([folder, allowed]) => layer(folder, allowed)),
    // The client is used without the service, also in browsers.
    forbid(
      'src/client/*.ts',
      ['../**', 'node:*', '@nestjs/*', './nest/**'],
      'The client may not import the service, Nest or Node.',
    ),
    forbid('src/client/nest/*.ts', ['../../**', 'node:*'], 'client/nest/ may import only the client and Nest.'),
    {
      // The state of a page is never changed in place, so its objects are copied.
      files: ['studio/src/**/*.{ts,tsx}'],
      rules: {
        'oxc/no-map-spread': 'off',
        'no-restricted-imports': [
          'error',
          {
            patterns: [{ group: ['**/dist/**', '../../../*', 'node:*'], message: 'Studio uses rookery/client alone.' }],
          },
        ],
      },
    },
    forbid('src/main*.ts', ['./*/**', './*.js', '!./service/**'], 'src/main*.ts may import only service/.'),
    {
      files: ['test/**/*.ts', 'src/**/*.spec.ts', 'studio/src/**/*.spec.ts'],
      rules: {
        'import/no-unassigned-import': 'off',
        'no-restricted-imports': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'unicorn/consistent-function-scoping': 'off',
        'max-lines': 'off',
      },
    },
  ],
  ignorePatterns: ['dist', 'data', 'src/client/api.types.ts'],
});
