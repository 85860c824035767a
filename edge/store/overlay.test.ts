import type { Json } from '#shared/model/json.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { Refused } from '#shared/model/refusal.ts'
import { txSuite } from '#shared/testing/tx-suite.ts'
import { withStore } from '../testing/harness.ts'

/** One entry and then none. */
const holed: unknown[] = [1]
holed.length = 2

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

  test.each<[string, unknown]>([
    ['NaN', { n: Number.NaN }],
    ['Infinity', [1, Infinity]],
    ['-Infinity', -Infinity],
    ['an undefined field', { a: { b: undefined } }],
    ['an undefined entry', [undefined]],
    ['a hole', holed],
    ['nothing at all', undefined],
    ['half of a surrogate pair', { text: 'a\uD83D' }],
    ['a key with half of a surrogate pair', { '\uDE42': 1 }],
    ['a function', { toString: () => 'a' }],
    ['a bigint', { n: 1n }],
  ])('refuses %s with a kind, and leaves nothing behind', (_, value) => withStore(async (store) => {
    await store.commit(tx => tx.set('a', 'before'))
    const version = store.version()
    const writing = store.commit(async (tx) => {
      await tx.set('b', 'after')
      await tx.set('a', value as Json)
    })
    expect(await writing.catch((error: unknown) => error instanceof Refused && error.kind)).toBe('invalid')
    expect([await store.rows.get('a'), await store.rows.get('b'), store.version()]).toEqual(['before', undefined, version])
  }))

  test('refuses a key with half of a surrogate pair', () => withStore(async (store) => {
    await expect(store.commit(tx => tx.set('a/\uD83D', 1))).rejects.toThrow(/surrogate/)
  }))

  test('any JSON is read back as it was', () => withStore(async (store) => {
    await fc.assert(fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      await store.commit(tx => tx.set('a', value as Json))
      expect(await store.rows.get('a')).toEqual(JSON.parse(JSON.stringify(value)))
    }), { numRuns: 200 })
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
