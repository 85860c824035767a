import { expect, test } from 'vitest'
import { isPendingMessageKey, messageKey, messageSequence, pendingMessageKey } from './message.ts'

test('keys sort in order of arrival, pending ones last and in order of writing', () => {
  const keys = [messageKey(9), messageKey(10), messageKey(123_456_789), pendingMessageKey(2, 'z'), pendingMessageKey(10, 'a')]
  expect([...keys].sort()).toEqual(keys)
})

test('a stored key gives its sequence number back, a pending one has none', () => {
  expect(messageSequence(messageKey(42))).toBe(42)
  expect(messageSequence(pendingMessageKey(42, 'x'))).toBeNull()
  expect(isPendingMessageKey(pendingMessageKey(1, 'x'))).toBe(true)
  expect(isPendingMessageKey(messageKey(1))).toBe(false)
})
