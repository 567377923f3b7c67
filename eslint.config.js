import js from '@eslint/js'
import boundaries from 'eslint-plugin-boundaries'
import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'

// Who may import whom; drawn in docs/architecture.md. Dependencies point inward.
const elements = [
  { type: 'kernel', pattern: 'src/kernel' },
  { type: 'views', pattern: 'src/views' },
  { type: 'i18n', pattern: 'src/i18n' },
  { type: 'pictures', pattern: 'src/pictures' },
  { type: 'store', pattern: 'src/store' },
  {
    type: 'room',
    pattern: 'src/{networks,checkins,delivery,conversation,modules,pulse,goals,care}',
    capture: ['room'],
  },
  { type: 'adapter', pattern: 'adapters/*', capture: ['adapter'] },
  { type: 'test', pattern: '{tests,bench,scripts}' },
]
const files = [
  { category: 'port', pattern: ['src/*/port.ts', 'src/*/kind.ts', 'src/*/types.ts'] },
  { category: 'model', pattern: 'src/*/model.ts' },
  // The composition root and what belongs to it.
  { category: 'root', pattern: ['src/*.ts', 'src/*/cli.ts'] },
  { category: 'test', pattern: '**/*.test.ts' },
]
const inner = (...types) => ({ to: { element: { types: { anyOf: types } } } })

const architecture = {
  plugins: { boundaries },
  settings: {
    'boundaries/elements': elements,
    'boundaries/files': files,
    'import/resolver': { typescript: { alwaysTryTypes: true } },
  },
  rules: {
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        message: '{{from.element.types}} must not import {{to.element.types}} (see docs/architecture.md)',
        policies: [
          { from: { element: { type: '*' } }, allow: { to: { module: { origin: ['external', 'core'] } } } },
          { from: { element: { type: 'kernel' } }, allow: inner('kernel') },
          { from: { element: { type: 'views' } }, allow: inner('kernel', 'views') },
          { from: { element: { type: 'i18n' } }, allow: inner('kernel', 'views', 'i18n') },
          { from: { element: { type: 'pictures' } }, allow: inner('kernel', 'views', 'pictures') },
          { from: { element: { type: 'store' } }, allow: inner('kernel', 'store') },
          {
            from: { element: { type: 'room' } },
            allow: inner('kernel', 'views', 'i18n', 'pictures', 'room'),
          },
          // Another room's collections are its own: ask its use cases.
          {
            from: { element: { type: 'room' } },
            disallow: { to: { element: { type: 'room' }, file: { categories: 'model' } } },
          },
          {
            from: { element: { type: 'room' } },
            allow: {
              to: { element: { type: 'room', captured: { room: '{{ from.element.captured.room }}' } } },
            },
          },
          { from: { element: { type: 'adapter' } }, allow: inner('kernel', 'views', 'i18n') },
          {
            from: { element: { type: 'adapter' } },
            allow: { to: { element: { type: 'room' }, file: { categories: 'port' } } },
          },
          {
            from: { element: { type: 'adapter' } },
            allow: {
              to: {
                element: { type: 'adapter', captured: { adapter: '{{ from.element.captured.adapter }}' } },
              },
            },
          },
          // The playground shows what the platforms would show.
          {
            from: { element: { type: 'adapter', captured: { adapter: 'playground' } } },
            allow: inner('adapter'),
          },
          // The composition root knows everything; tests look at everything.
          {
            from: { file: { categories: { anyOf: ['root', 'test'] } } },
            allow: { to: { element: { type: '*' } } },
          },
          {
            from: { file: { categories: { anyOf: ['root', 'test'] } } },
            allow: { to: { file: { categories: 'root' } } },
          },
          { from: { element: { type: 'test' } }, allow: { to: { element: { type: '*' } } } },
          { from: { element: { type: 'test' } }, allow: { to: { file: { categories: 'root' } } } },
        ],
      },
    ],
  },
}

// Only adapters know Slack or Teams.
const noPlatforms = {
  files: ['src/**/*.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['@slack/*', 'botbuilder', 'botframework-*'],
            message: 'Platform SDKs live in adapters/.',
          },
        ],
      },
    ],
  },
}

// A text that somebody made to be hard for a pattern must not stop the process: time grows with its length, not its square.
const linearPatterns = {
  files: ['src/**/*.ts', 'adapters/**/*.{ts,tsx}'],
  ignores: ['**/*.test.ts'],
  plugins: { regexp },
  rules: {
    'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
    'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    // Nor patterns that cannot be looked at here.
    'no-restricted-syntax': [
      'error',
      {
        selector: "NewExpression[callee.name='RegExp'], CallExpression[callee.name='RegExp']",
        message: 'Write the pattern down: a built one cannot be checked.',
      },
    ],
  },
}

export default tseslint.config(
  { ignores: ['node_modules', 'data', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  { files: ['**/*.ts', '**/*.tsx'], ...architecture },
  noPlatforms,
  linearPatterns,
  // A story that finds nothing where something must be fails anyway.
  {
    files: ['tests/**', '**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
)
