const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: true,
};

export default {
  rootDir: '..',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/studio/src'],
  testRegex: '\\.(e2e-)?spec\\.ts$',
  transform: { '\\.ts$': ['@swc/jest', swc] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  runtime: '<rootDir>/test/support/jest/runtime.mjs',
  testEnvironment: '<rootDir>/test/support/jest/environment.mjs',
  globalSetup: '<rootDir>/test/support/jest/run.setup.mjs',
  globalTeardown: '<rootDir>/test/support/jest/run.teardown.mjs',
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/test/support/jest/thrown.refusals.ts'],
  testSequencer: '<rootDir>/test/support/jest/sequencer.mjs',
  // Most tests wait for processes that they have started, so more workers than cores cost little.
  maxWorkers: 4,
  testTimeout: 180_000,
};
