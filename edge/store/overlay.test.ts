import { describe, expect, test } from 'vitest'
import { MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { Refused } from '#shared/model/refusal.ts'
import { txSuite } from '#shared/testing/tx-suite.ts'
import { withStore } from '../testing/harness.ts'

txSuite('the edge\'s overlay', test => withStore(store => test({ run: store.commit })))

describe('the overlay', () => {
  test.each([
    ['a value at the limit is stored', 'a'.repeat(MAX_VALUE_BYTES - 2), 'stored'],
    ['one byte more is refused', 'a'.repeat(MAX_VALUE_BYTES - 1), 'refused'],
    ['bytes are counted, not characters', '€'.repeat(MAX_VALUE_BYTES / 3), 'refused'],
  ])('%s', (_, value, outcome) => withStore(async (store) => {
    const isTooLarge = (error: unknown) => error instanceof Refused && error.kind === 'too-large'
    const writing = store.commit(tx => tx.set('a', value)).then(() => 'stored', error => isTooLarge(error) && 'refused')
    expect(await writing).toBe(outcome)
  }))

  test('gives messages the numbers after the stored ones, deleted ones included', () => withStore(async (store) => {
    await store.commit(async (tx) => {
      expect(await tx.nextMessageKey('a')).toBe(messageKey(1))
      await tx.set(messageKey(1), 'first')
      await tx.set(await tx.nextMessageKey('b'), 'second')
    })
    await store.commit(tx => tx.del(messageKey(2)))
    expect(await store.commit(tx => tx.nextMessageKey('c'))).toBe(messageKey(3))
  }))
})
