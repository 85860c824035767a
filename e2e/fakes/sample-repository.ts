import type { Files } from './github/git/bare-repository.ts'

export interface FileContent { path: string, content: string }

export const REPOSITORY = 'octo-tea/teatime'

const INDEX = `export { steepingTime } from './steeping-time.js'
export { teas } from './teas.js'
`

const README = `# teatime

How long a tea wants to steep. No dependencies, no opinions about milk.

\`\`\`js
import { steepingTime } from 'teatime'

steepingTime('darjeeling') // 150 seconds
steepingTime('darjeeling', { strong: true }) // 188 seconds
\`\`\`

## What there is

- \`teas\`: every tea it knows, with its time in seconds and the water's temperature.
- \`steepingTime(name, { strong })\`: seconds; a strong cup takes a quarter longer.
`

/** A small library with source, tests, a check of its own, and CI that runs both without installing anything. */
export const files: Files = {
  'package.json': `{
  "name": "teatime",
  "version": "1.2.0",
  "description": "How long a tea wants to steep",
  "type": "module",
  "license": "MIT",
  "exports": "./src/index.js",
  "engines": { "node": ">=20" },
  "scripts": {
    "test": "node --test",
    "check": "node scripts/check.js"
  }
}
`,
  'README.md': README,
  'CLAUDE.md': `# Working on teatime

- Plain ES modules, no dependencies. One function a file in \`src/\`, exported from \`src/index.js\`.
- Each function has a test beside its name in \`test/\` and a line in the README; \`npm run check\` looks.
- \`npm test\` and \`npm run check\` are what CI runs.
`,
  'src/index.js': INDEX,
  'src/teas.js': `/** Seconds to steep and degrees Celsius of the water, by name. */
export const teas = {
  assam: { seconds: 240, celsius: 96 },
  chamomile: { seconds: 360, celsius: 100 },
  darjeeling: { seconds: 150, celsius: 90 },
  gyokuro: { seconds: 90, celsius: 60 },
  oolong: { seconds: 180, celsius: 85 },
  sencha: { seconds: 75, celsius: 75 },
}
`,
  'src/steeping-time.js': `import { teas } from './teas.js'

/** Seconds a tea wants to steep; a strong cup takes a quarter longer. */
export function steepingTime(name, { strong = false } = {}) {
  const tea = teas[name.toLowerCase()]
  if (!tea)
    throw new RangeError(\`There is no tea called \${name} here.\`)
  return Math.round(strong ? tea.seconds * 1.25 : tea.seconds)
}
`,
  'test/steeping-time.test.js': `import assert from 'node:assert/strict'
import test from 'node:test'
import { steepingTime } from '../src/index.js'

test('knows how long a tea steeps, however its name is written', () => {
  assert.equal(steepingTime('sencha'), 75)
  assert.equal(steepingTime('Sencha'), 75)
})

test('gives a strong cup a quarter longer, in whole seconds', () => {
  assert.equal(steepingTime('darjeeling', { strong: true }), 188)
})

test('does not guess at a tea it does not know', () => {
  assert.throws(() => steepingTime('coffee'), /There is no tea called coffee here/)
})
`,
  'scripts/check.js': `import { readdir, readFile } from 'node:fs/promises'
import * as teatime from '../src/index.js'

const problems = []

for (const folder of ['src', 'test', 'scripts']) {
  for (const file of await readdir(folder)) {
    const text = await readFile(\`\${folder}/\${file}\`, 'utf8')
    if (!text.endsWith('\\n'))
      problems.push(\`\${folder}/\${file} does not end with a newline\`)
    text.split('\\n').forEach((line, index) => {
      if (/\\s$/.test(line))
        problems.push(\`\${folder}/\${file}:\${index + 1} ends with spaces\`)
    })
  }
}

const readme = await readFile('README.md', 'utf8')
for (const name of Object.keys(teatime)) {
  if (!readme.includes(\`- \\\`\${name}\`))
    problems.push(\`README.md does not say what \${name} is\`)
}

for (const problem of problems)
  console.log(\`::error::\${problem}\`)
process.exitCode = problems.length > 0 ? 1 : 0
`,
  '.github/workflows/ci.yml': `name: CI

on:
  push:
    branches: [main]
  pull_request:

jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - name: Check
        run: node scripts/check.js

  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - name: Test
        run: node --test
`,
}

/** The sample task: a person's message, and the title and brief that Claude proposes. */
export const task = {
  message: 'Add a countdown to octo-tea/teatime, so that 185 seconds read as 3:05.',
  title: 'Add a countdown',
  brief: 'Add a function `countdown(seconds)` that reads a number of seconds as a kitchen timer shows them: 185 is "3:05", 59 is "0:59". '
    + 'Export it, test it and say so in the README.',
}

/** CI's job `test` fails: seconds are not padded, so 185 reads "3:5", but the attempt's own test expects "3:05". The job `check` passes. */
export const firstAttempt: readonly FileContent[] = [
  {
    path: 'src/countdown.js',
    content: `/** Seconds as a kitchen timer shows them: 185 is 3:05. */
export function countdown(seconds) {
  const minutes = Math.floor(seconds / 60)
  return \`\${minutes}:\${seconds % 60}\`
}
`,
  },
  { path: 'src/index.js', content: `export { countdown } from './countdown.js'\n${INDEX}` },
  {
    path: 'test/countdown.test.js',
    content: `import assert from 'node:assert/strict'
import test from 'node:test'
import { countdown } from '../src/index.js'

test('counts minutes and seconds', () => {
  assert.equal(countdown(59), '0:59')
  assert.equal(countdown(210), '3:30')
})

test('shows two digits of seconds, as a timer does', () => {
  assert.equal(countdown(185), '3:05')
  assert.equal(countdown(60), '1:00')
})
`,
  },
  { path: 'README.md', content: `${README}- \`countdown(seconds)\`: the time as a kitchen timer shows it, \`3:05\`.\n` },
]

/** A line that is only in the log of the run that fails for `firstAttempt`. */
export const failure = 'shows two digits of seconds, as a timer does'

/** The files that correct `firstAttempt`. */
export const fix: readonly FileContent[] = [
  {
    path: 'src/countdown.js',
    content: `/** Seconds as a kitchen timer shows them: 185 is 3:05. */
export function countdown(seconds) {
  const minutes = Math.floor(seconds / 60)
  return \`\${minutes}:\${String(seconds % 60).padStart(2, '0')}\`
}
`,
  },
]

export function toFiles(contents: readonly FileContent[]): Files {
  return Object.fromEntries(contents.map(({ path, content }) => [path, content]))
}
