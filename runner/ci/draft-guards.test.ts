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
  expect(draftGuards(WORKFLOW).some(guard => guard.test(name))).toBe(expected)
  expect(draftGuards(WORKFLOW.replaceAll('\n', '\r\n')).some(guard => guard.test(name))).toBe(expected)
})

test.each(['', 'jobs:', 'jobs: {}', 'on: push', 'jobs:\n\ttest:\n', '\0'])('%j guards nothing', (text) => {
  expect(draftGuards(text)).toEqual([])
})

test('jobs that need each other in a circle end the search', () => {
  expect(draftGuards('jobs:\n  a:\n    needs: b\n    if: draft\n  b:\n    needs: a\n')).toHaveLength(2)
})
