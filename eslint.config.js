import antfu from '@antfu/eslint-config'
import { plainNames } from './scripts/lint/plain-names.ts'

/** The parts that a part must not import, and the lint error that names the alternative. */
const walls = {
  shared: {
    closed: ['edge', 'client', 'runner', 'e2e'],
    why: 'shared/ is pure and imports no other part: move code that both sides need into shared/.',
  },
  edge: {
    closed: ['client', 'runner', 'e2e'],
    why: 'The edge shares only shared/protocol with the runner, and shared/mutators too with the client.',
  },
  client: {
    closed: ['edge', 'runner', 'e2e'],
    why: 'The client shares only shared/protocol and shared/mutators with the edge.',
  },
  runner: { closed: ['edge', 'client', 'selfhost', 'e2e'], why: 'The runner meets the edge only in shared/protocol.' },
  selfhost: { closed: ['edge', 'client', 'runner', 'e2e'], why: 'selfhost/ knows the app only as it was built.' },
}

function wall([part, { closed, why }]) {
  return {
    files: [`${part}/**/*.{ts,vue}`],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [
          { group: closed.map(other => `**/${other}/**`), message: why },
          {
            regex: '^\\.\\./(\\.\\./)*shared/',
            message: 'Import shared code as #shared/…, from the file that owns it.',
          },
        ],
      }],
    },
  }
}

/** The code that only tests use. Its lines may be wider. */
const testCode = ['**/*.{test,spec,testing}.ts', '**/testing/**', 'e2e/**']

/** Addresses and regular expressions cannot be broken. */
const lineLength = { ignoreUrls: true, ignoreRegExpLiterals: true }

export default antfu(
  {
    type: 'app',
    vue: true,
    typescript: true,
    unocss: false,
    markdown: false,
    toml: false,
    ignores: ['docs/**', '**/*.md'],
  },
  {
    rules: {
      // Files read top-down: the exported idea first, its private helpers below.
      'ts/no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'ts/no-explicit-any': 'error',
      'ts/no-non-null-assertion': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'test/consistent-test-it': ['error', { fn: 'test', withinDescribe: 'test' }],
      'antfu/no-top-level-await': 'off',
      'antfu/reasonable-newline': 'off',
      'node/prefer-global/process': 'off',
      'node/prefer-global/buffer': 'off',
    },
  },
  { files: ['runner/**', 'scripts/**', 'selfhost/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  ...Object.entries(walls).map(wall),
  {
    files: ['**/*.{ts,vue,js,mjs,mts}'],
    plugins: { house: { rules: { 'plain-names': plainNames } } },
    rules: { 'house/plain-names': 'error' },
  },
  { files: ['**/*.{ts,js,mjs,mts}'], rules: { 'style/max-len': ['error', { code: 120, ...lineLength }] } },
  // Lists of classes in a template are long, and attributes cannot be broken well.
  {
    files: ['**/*.vue'],
    rules: { 'vue/max-len': ['error', { code: 120, template: 120, ignoreHTMLAttributeValues: true, ...lineLength }] },
  },
  { files: testCode, rules: { 'style/max-len': ['error', { code: 160, ...lineLength }] } },
)
