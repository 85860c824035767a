import { expect, test } from 'vitest'
import { nestsTooDeep } from './nests-too-deep.ts'

test.each([
  ['64 lists', `${'['.repeat(64)}${']'.repeat(64)}`, false],
  ['65 lists', `${'['.repeat(65)}${']'.repeat(65)}`, true],
  ['65 objects', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, true],
  ['lists side by side', `[${'[],'.repeat(1000)}[]]`, false],
  ['brackets in a string', JSON.stringify('['.repeat(1000)), false],
  ['brackets in a string after a quote', JSON.stringify(`"${'['.repeat(1000)}`), false],
  ['brackets in a string after a backslash', JSON.stringify(`\\${'['.repeat(1000)}\\`), false],
  ['an unterminated string', '"[[[', false],
])('%s: %#', (_, json, deep) => {
  expect(nestsTooDeep(json)).toBe(deep)
})
