// Tests are TypeScript modules, run as native ES modules; swc only strips the types.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/adapters', '<rootDir>/tests', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/tests/support/seed.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
          target: 'es2023',
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Stories start real servers and a real browser; machines under load need patience, not luck.
  testTimeout: 60_000,
  maxWorkers: 2,
  // BullMQ's worker goes on counting seconds after its Redis has died, although it is closed.
  forceExit: true,
}
