import { afterEach, expect, test, vi } from 'vitest'
import { isOwnClient, rememberClient } from './own-clients.ts'

afterEach(() => localStorage.clear())

test('a device knows the clients of its tabs, closed ones too, and no others', () => {
  rememberClient('a')
  rememberClient('b')
  expect(['a', 'b', 'c'].map(isOwnClient)).toEqual([true, true, false])
})

test('the oldest client is forgotten beyond the limit', () => {
  for (let n = 0; n <= 1_000; n++)
    rememberClient(`${n}`)
  expect(['0', '1', '1000'].map(isOwnClient)).toEqual([false, true, true])
})

test('an unreadable list is replaced', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  localStorage.setItem('mainloop.clients', '{')
  rememberClient('a')
  expect([isOwnClient('a'), warn.mock.calls.length]).toEqual([true, 1])
})
