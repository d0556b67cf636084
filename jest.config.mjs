/** Runs TypeScript as ES modules: started through `node --experimental-vm-modules` (see scripts/test.mjs). */
const transformTypeScript = ({ tsx }) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2024',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
  },
];

export default {
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/migrations', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
  // Real faults on whole installations want the machine for themselves: scripts/test.mjs runs them after all else.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.FAULT_SEEDS === undefined ? ['/test/faults/'] : []),
  ],
  testEnvironment: 'node',
  // 'source' makes '#name' mean libs/name/index.ts instead of the compiled dist/.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '[.]ts$': transformTypeScript({ tsx: false }),
    '[.]tsx$': transformTypeScript({ tsx: true }),
  },
  setupFiles: ['<rootDir>/test/support/load-nest.mjs'],
  globalSetup: '<rootDir>/test/support/global-setup.mts',
  globalTeardown: '<rootDir>/test/support/global-teardown.mts',
  testTimeout: 30_000,
  maxWorkers: 2,
  reporters: ['default'],
};
