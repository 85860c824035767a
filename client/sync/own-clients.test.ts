import { afterEach, expect, test, vi } from 'vitest'
import { isOwnClient, rememberClient } from './own-clients.ts'

afterEach(() => localStorage.clear())

test('a device knows its pages, the closed ones too, and no other device\'s', () => {
  rememberClient('a')
  rememberClient('b')
  expect(['a', 'b', 'c'].map(isOwnClient)).toEqual([true, true, false])
})

test('it forgets the oldest in the end', () => {
  for (let n = 0; n <= 1_000; n++)
    rememberClient(`${n}`)
  expect(['0', '1', '1000'].map(isOwnClient)).toEqual([false, true, true])
})

test('what cannot be read is begun anew', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  localStorage.setItem('mainloop.clients', '{')
  rememberClient('a')
  expect([isOwnClient('a'), warn.mock.calls.length]).toEqual([true, 1])
})
