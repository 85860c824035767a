import type { Cookie, PatchOperation } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import type { RecentCommits } from './recent-commits.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { liveDown } from '#shared/protocol/live.ts'
import { withStore } from '../testing/harness.ts'
import { pokePatchFor } from './poke-patch.ts'
import { newestCookie } from './pull.ts'
import { createRecentCommits } from './recent-commits.ts'

const EPOCH = 1

/** A commit that sets or deletes rows, moves a client, or both. */
const change = fc.record({
  set: fc.array(fc.constantFrom('note/a', 'note/"b"', messageKey(1), messageKey(2)), { maxLength: 2 }),
  del: fc.array(fc.constantFrom('note/a', messageKey(1)), { maxLength: 1 }),
  client: fc.option(fc.record({ clientGroupID: fc.constantFrom('g', 'other'), clientID: fc.constantFrom('c', 'd') })),
})

test('a poke from memory equals a poke from storage, for every cookie', () => fc.assert(
  fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(2), (changes, floor) => withStore(async (store) => {
    const recent = createRecentCommits()
    store.onCommit((_keys, _effects, commit) => recent.add(commit))
    const cookies = [newestCookie(store, EPOCH, floor)]
    for (const [n, { set, del, client }] of changes.entries()) {
      await store.commit(async (tx) => {
        for (const key of set)
          await tx.set(key, { text: `"${n}"` })
        for (const key of del)
          await tx.del(key)
        if (client)
          tx.acknowledge({ ...client, lastMutationID: n + 1 })
      })
      cookies.push(newestCookie(store, EPOCH, floor))
    }
    for (const cookie of cookies)
      expect(patch(store, recent, cookie)).toEqual(patch(store, createRecentCommits(), cookie))
  })),
  { numRuns: 100 },
))

test('a commit larger than a frame is not remembered, and the poke becomes "changed"', () => withStore(async (store) => {
  const recent = createRecentCommits()
  store.onCommit((_keys, _effects, commit) => recent.add(commit))
  const cookie = newestCookie(store, EPOCH, 0)
  await store.commit(tx => tx.set('note/a', { text: 'a'.repeat(MAX_FRAME_BYTES) }))
  expect([recent.since(0, 1), patch(store, recent, cookie)]).toEqual([null, 'changed'])
  const after = newestCookie(store, EPOCH, 0)
  await store.commit(tx => tx.set('note/a', { text: 'b' }))
  expect([recent.since(0, 2), recent.since(1, 2)?.rows.length]).toEqual([null, 1])
  expect(patch(store, recent, after)).toMatchObject({ baseCookie: after })
}))

/** The poke as a device reads it. By key, because the order within one commit does not matter. */
function patch(store: Store, recent: RecentCommits, cookie: Cookie) {
  const found = pokePatchFor(store, recent, EPOCH, { clientGroupID: 'g', cookie })
  if (found?.kind !== 'poke')
    return found?.kind ?? null
  const frame = liveDown.parse(JSON.parse(`{"type":"poke",${found.members}}`))
  if (frame.type !== 'poke')
    return null
  const { patch, ...pull } = frame.pull
  return { baseCookie: frame.baseCookie, ...pull, patch: Object.fromEntries(patch.map(operation => [keyOf(operation), operation])) }
}

function keyOf(operation: PatchOperation): string {
  return operation.op === 'clear' ? '' : operation.key
}
