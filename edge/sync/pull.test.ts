import type { Cookie, PullPatch, PullResponse } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import { describe, expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { cookie as cookieSchema } from '#shared/protocol/replicache.ts'
import { mutation, pullBody, pushBody, withStore } from '../testing/harness.ts'
import { cookieOrder, raiseEpoch } from './epoch.ts'
import { MAX_HISTORY_PAGE_BYTES, MAX_HISTORY_PAGE_ROWS } from './older-messages.ts'
import { processPush } from './process-push.ts'
import { prune } from './prune.ts'
import { MAX_CATCH_UP_LENGTH, pull } from './pull.ts'
import { DEVICE_MESSAGES } from './window.ts'

describe('the first pull', () => {
  test('of an empty store gives a cookie', () => withStore(async (store) => {
    expect(first(store)).toEqual({
      cookie: { order: cookieOrder({ epoch: 1, version: 0, depth: 0 }), floor: 0 },
      lastMutationIDChanges: {},
      patch: [{ op: 'clear' }],
    })
  }))

  test('gives the newest messages and every other row, and the floor of the messages', () => withStore(async (store) => {
    await write(store, { turn: 1, ...messages(1, MAX_HISTORY_PAGE_ROWS + 50), zebra: 1 })
    const { cookie, patch } = first(store)
    expect(cookie.floor).toBe(51)
    expect(keys(patch)).toEqual(['turn', 'zebra', ...Object.keys(messages(51, MAX_HISTORY_PAGE_ROWS + 50))])
  }))

  test.each([
    ['short messages all fit', [10, 10, 10], 1],
    ['long messages make the window shorter', [10, MAX_HISTORY_PAGE_BYTES / 2, MAX_HISTORY_PAGE_BYTES / 2 - 10], 2],
    ['the newest message is included however long it is', [10, 10, MAX_HISTORY_PAGE_BYTES - 2], 3],
  ])('%s', (_, lengths, floor) => withStore(async (store) => {
    await write(store, Object.fromEntries(lengths.map((length, n) => [messageKey(n + 1), 'a'.repeat(length)])))
    expect(first(store).cookie.floor).toBe(floor)
  }))

  test('leaves out deleted rows', () => withStore(async (store) => {
    await write(store, { a: 1, b: 1 })
    await store.commit(tx => tx.del('a'))
    expect(keys(first(store).patch)).toEqual(['b'])
  }))

  test('gives the lastMutationIDs of the group and of no other', () => withStore(async (store) => {
    await processPush(store, pushBody({ mutations: [mutation(), mutation({ clientID: 'tab' }), mutation({ id: 2 })] }))
    await processPush(store, pushBody({ clientGroupID: 'another', mutations: [mutation({ clientID: 'theirs' })] }))
    expect(first(store).lastMutationIDChanges).toEqual({ client: 2, tab: 1 })
  }))
})

describe('the next pull', () => {
  test('gives the changes since the cookie, deletions included, and only the clients that moved', () => withStore(async (store) => {
    await write(store, { a: 1, b: 1, c: 1 })
    await processPush(store, pushBody({ mutations: [mutation({ clientID: 'before' })] }))
    const { cookie } = first(store)
    await write(store, { a: 2 })
    await store.commit(tx => tx.del('b'))
    await store.commit(async tx => tx.acknowledge({ clientGroupID: 'group', clientID: 'after', lastMutationID: 1 }))
    expect(next(store, cookie)).toEqual({
      cookie: { ...cookie, order: cookie.order + 3 * 2 ** 14 },
      lastMutationIDChanges: { after: 1 },
      patch: [{ op: 'put', key: 'a', value: 2 }, { op: 'del', key: 'b' }],
    })
  }))

  test('without changes is empty and keeps the cookie', () => withStore(async (store) => {
    await write(store, { a: 1 })
    const { cookie } = first(store)
    expect(next(store, cookie)).toEqual({ cookie, lastMutationIDChanges: {}, patch: [] })
  }))

  test('leaves out a change of a message the device does not hold', () => withStore(async (store) => {
    await write(store, messages(1, MAX_HISTORY_PAGE_ROWS + 1))
    const { cookie } = first(store)
    await write(store, { [messageKey(1)]: 'edited', [messageKey(2)]: 'edited', task: 1 })
    expect(keys(next(store, cookie).patch)).toEqual([messageKey(2), 'task'])
  }))

  test('gives a fresh window when too much changed', () => withStore(async (store) => {
    await write(store, messages(1, 3))
    const { cookie } = first(store)
    for (let n = 4; n <= 9; n++)
      await write(store, { [messageKey(n)]: 'a'.repeat(MAX_CATCH_UP_LENGTH / 5) })
    const { patch, cookie: newer } = next(store, cookie)
    expect([patch[0], keys(patch), newer.floor]).toEqual([{ op: 'clear' }, [messageKey(9)], 9])
  }))

  test('reads the same version after a restart', () => withStore(async (store, restart) => {
    await write(store, { a: 1 })
    const { cookie } = first(store)
    expect(next(restart(), cookie).cookie).toEqual(cookie)
  }))

  test.each([
    ['from the future', (cookie: Cookie) => ({ ...cookie, order: cookie.order + 2 ** 14 })],
    ['from the next epoch', (cookie: Cookie) => ({ ...cookie, order: cookie.order + 2 ** 44 })],
    ['from an earlier epoch', (cookie: Cookie) => ({ ...cookie, order: cookie.order - 2 ** 44 })],
  ])('with a cookie %s starts over', (_, change) => withStore(async (store) => {
    await write(store, { a: 1 })
    expect(pull(store, pullBody({ cookie: change(first(store).cookie) }), { now: 0 })).toEqual({ error: 'ClientStateNotFound' })
  }))

  test('of a group that was copied from another starts over at a later cookie', () => withStore(async (store) => {
    await write(store, { a: 1 })
    const { cookie } = first(store)
    const pullOfCopy = () => pull(store, pullBody({ clientGroupID: 'copy', cookie }), { now: 0 })
    expect(pullOfCopy()).toEqual({ error: 'ClientStateNotFound' })
    await write(store, { b: 1 })
    expect(pullOfCopy()).toMatchObject({ patch: [{ op: 'clear' }, { key: 'a' }, { key: 'b' }] })
  }))
})

describe('a backfill', () => {
  test('comes in pieces, each with a later cookie, until the device holds its limit', () => withStore(async (store) => {
    await write(store, messages(1, DEVICE_MESSAGES + 250))
    let { cookie, patch } = first(store)
    const held = new Set(keys(patch))
    for (;;) {
      const piece = next(store, cookie, { backfill: true })
      if (piece.cookie.floor === cookie.floor)
        break
      expect(piece.cookie.order).toBeGreaterThan(cookie.order)
      cookie = piece.cookie
      keys(piece.patch).forEach(key => held.add(key))
    }
    expect([cookie.floor, held.size, held.has(messageKey(251))]).toEqual([251, DEVICE_MESSAGES, true])
  }))

  test('comes only on request, and together with the changes', () => withStore(async (store) => {
    await write(store, messages(1, MAX_HISTORY_PAGE_ROWS + 10))
    const { cookie } = first(store)
    await write(store, { a: 1 })
    expect(keys(next(store, cookie).patch)).toEqual(['a'])
    expect(keys(next(store, cookie, { backfill: true }).patch)).toEqual(['a', ...Object.keys(messages(1, 10))])
  }))

  test('is bounded in bytes', () => withStore(async (store) => {
    await write(store, Object.fromEntries(Array.from({ length: 10 }, (_, n) => [messageKey(n + 1), '€'.repeat(MAX_HISTORY_PAGE_BYTES / 11)])))
    const { cookie, patch } = first(store)
    expect(keys(patch)).toHaveLength(3)
    expect(keys(next(store, cookie, { backfill: true }).patch)).toEqual([5, 6, 7].map(messageKey))
  }))
})

describe('pruning', () => {
  const DAY_MS = 24 * 3_600_000
  const day = (store: Store, n: number) => prune(store.sql, { version: store.version(), now: n * DAY_MS })

  test('makes a device that missed a deletion start over, and not one that saw it', () => withStore(async (store) => {
    await write(store, { a: 1, b: 1 })
    const { cookie: before } = first(store)
    await store.commit(tx => tx.del('a'))
    const { cookie: after } = next(store, before)
    await write(store, { c: 1 })
    day(store, 1)
    day(store, 20)
    expect(next(store, before).patch[0]).toEqual({ op: 'del', key: 'a' })
    day(store, 32)
    expect(next(store, before).patch).toEqual([{ op: 'clear' }, { op: 'put', key: 'b', value: 1 }, { op: 'put', key: 'c', value: 1 }])
    expect(next(store, after).patch).toEqual([{ op: 'put', key: 'c', value: 1 }])
  }))

  test('keeps the newest version and the newest message\'s number', () => withStore(async (store, restart) => {
    await write(store, messages(1, 2))
    await store.commit(tx => tx.del(messageKey(2)))
    await store.commit(tx => tx.del(messageKey(1)))
    for (const n of [1, 32, 64])
      day(store, n)
    expect(restart().version()).toBe(3)
    expect(await store.commit(tx => tx.nextMessageKey('m'))).toBe(messageKey(3))
  }))

  test('deletes clients whose group knows their count, and no others', () => withStore(async (store) => {
    const { cookie } = first(store)
    await processPush(store, pushBody({ mutations: [mutation({ clientID: 'known' })] }))
    const known = next(store, cookie).cookie
    await processPush(store, pushBody({ mutations: [mutation({ clientID: 'unknown' })] }))
    await write(store, { a: 1 })
    day(store, 1)
    next(store, known, { now: 2 * DAY_MS })
    day(store, 32)
    expect(store.sql.exec('SELECT id FROM clients').toArray()).toEqual([{ id: 'unknown' }])
  }))
})

test('a raised epoch makes every device start over, and never falls', () => withStore(async (store) => {
  await write(store, { a: 1 })
  const { cookie } = first(store)
  raiseEpoch(store.sql, 2)
  raiseEpoch(store.sql, 1)
  expect(pull(store, pullBody({ cookie }), { now: 0 })).toEqual({ error: 'ClientStateNotFound' })
  expect(first(store).cookie.order).toBeGreaterThan(cookie.order)
}))

test('a pull of another schema is refused', () => withStore(async (store) => {
  expect(pull(store, pullBody({ schemaVersion: '0' }), { now: 0 })).toEqual({ error: 'VersionNotSupported', versionType: 'schema' })
}))

test('a cookie stays a safe integer', () => {
  expect(cookieSchema.safeParse({ order: cookieOrder({ epoch: MAX_EPOCH, version: 2 ** 30 - 1, depth: 10_000 }), floor: 1 }).success).toBe(true)
})

function first(store: Store): PullPatch {
  return patchOf(pull(store, pullBody(), { now: 0 }))
}

function next(store: Store, cookie: Cookie, options: { now?: number, backfill?: boolean } = {}): PullPatch {
  return patchOf(pull(store, pullBody({ cookie }), { now: 0, ...options }))
}

function patchOf(response: PullResponse): PullPatch {
  if ('error' in response)
    throw new Error(response.error)
  return response
}

function keys(patch: PullPatch['patch']): string[] {
  return patch.flatMap(operation => operation.op === 'clear' ? [] : [operation.key])
}

function write(store: Store, rows: Record<string, string | number>): Promise<void> {
  return store.commit(async (tx) => {
    for (const [key, value] of Object.entries(rows))
      await tx.set(key, value)
  })
}

function messages(from: number, to: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, n) => [messageKey(from + n), 'Hello']))
}
