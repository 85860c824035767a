import { expect, test } from 'vitest'
import { shortcut } from './useShortcuts.ts'

test.each([
  [null, 'j', 'next'],
  [null, 'k', 'previous'],
  [null, 'a', 'approve'],
  [null, '?', 'help'],
  [null, '/', 'search'],
  ['g', 'c', 'chat'],
  ['g', 't', 'tasks'],
  ['g', 'i', 'inbox'],
  [null, 'c', null],
  ['x', 'i', null],
  ['g', 'j', null],
])('after %j the key %s is %j', (before, key, meaning) => {
  expect(shortcut(before, key)).toBe(meaning)
})
