import { expect, test } from 'vitest'
import { draftGuards } from './draft-guards.ts'

const WORKFLOW = `name: CI
on:
  pull_request:
jobs:
  # The tests
  test:
    name: 'Unit tests'
    if: "!github.event.pull_request.draft"
    runs-on: ubuntu-latest
    steps:
      - run: make test
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: make lint # not a draft
  e2e:
    needs: [lint, test]
    name: e2e \${{ matrix.browser }}
    runs-on: ubuntu-latest
  report:
    needs:
      - e2e
    runs-on: ubuntu-latest
  deploy:
    if: >-
      github.ref == 'refs/heads/main' &&
      github.event.pull_request.draft == false
    runs-on: ubuntu-latest
env:
  draft: 1
`

test.each([
  ['a job whose condition asks for the draft', 'Unit tests', true],
  ['a job that needs one, under any value of its matrix', 'e2e firefox', true],
  ['a job that needs one over another', 'report', true],
  ['a job of a matrix', 'report (22, linux)', true],
  ['a job of a called workflow', 'report / inner', true],
  ['a condition over several lines', 'deploy', true],
  ['a job that mentions drafts elsewhere', 'lint', false],
  ['a job under its id, though it has a name', 'test', false],
  ['a longer name', 'Unit tests of the edge', false],
])('%s', (_, name, expected) => {
  expect(draftGuards(WORKFLOW).some(guards => guards(name))).toBe(expected)
  expect(draftGuards(WORKFLOW.replaceAll('\n', '\r\n')).some(guards => guards(name))).toBe(expected)
})

test.each(['', 'jobs:', 'jobs: {}', 'on: push', 'jobs:\n\ttest:\n', '\0'])('%j guards nothing', (text) => {
  expect(draftGuards(text)).toEqual([])
})

test('jobs that need each other in a circle end the search', () => {
  expect(draftGuards('jobs:\n  a:\n    needs: b\n    if: draft\n  b:\n    needs: a\n')).toHaveLength(2)
})

test.each([
  [`test \${{ a }}`, 'test 1', true],
  [`test \${{ a }}`, 'test 1 / inner', true],
  [`\${{ a }} on \${{ b }} here`, '22 on linux here', true],
  [`\${{ a }} on \${{ b }} here`, '22 on linux here (x)', true],
  [`\${{ a }} on \${{ b }} here`, '22 on linux there', false],
  [`\${{ a }} on \${{ b }} here`, 'here on linux', false],
  [`a \${{ x }} a`, 'a a', false],
  [`\${{ a }}`, 'anything', true],
  ['t.st', 'test', false],
  [`test \${{ open`, 'test 1', false],
])('the name %j and the check %j', (template, name, expected) => {
  const [guards] = draftGuards(`jobs:\n  a:\n    if: draft\n    name: ${template}\n`)
  expect(guards?.(name)).toBe(expected)
})

test('a name of very many expressions is compared in linear time', () => {
  const [guards] = draftGuards(`jobs:\n  a:\n    if: draft\n    name: ${`\${{ a }}a`.repeat(5000)}b\n`)
  const before = performance.now()
  expect(guards?.('a'.repeat(50_000))).toBe(false)
  expect(performance.now() - before).toBeLessThan(500)
})

test('jobs that need each other in a long chain are read in linear time', () => {
  const jobs = Array.from({ length: 500 }, (_, n) => `  j${n}:\n    needs: [j${n + 1}${', x'.repeat(500)}]\n    if: ${n === 499 ? 'draft' : 'a'}\n`)
  const before = performance.now()
  expect(draftGuards(`jobs:\n${jobs.join('')}`)).toHaveLength(500)
  expect(performance.now() - before).toBeLessThan(1000)
})
