import type { EdgeTx, Store } from './store.ts'
import { describe, expect, test } from 'vitest'
import { withStore } from '../testing/harness.ts'
import { defer, entries, LEASE_MS } from './outbox.ts'

describe('the store', () => {
  test('forgets a change that discards itself', () => withStore(async (store) => {
    await store.commit(async (tx) => {
      await tx.set('a', 1)
      tx.emit({ kind: 'compact' })
      tx.sideWrite(sql => sql.exec('INSERT INTO meta (key, value) VALUES (\'a\', \'1\')'))
      tx.acknowledge({ clientGroupID: 'g', clientID: 'c', lastMutationID: 1 })
      tx.discard()
      await tx.set('b', 1)
    })
    expect(contents(store)).toEqual({ rows: [{ key: 'b', version: 1 }], outbox: 0, clients: 0, meta: 0 })
  }))

  test('commits rows, client, side tables and effects together', () => withStore(async (store) => {
    await store.commit(everything)
    expect(contents(store)).toEqual({ rows: [{ key: 'a', version: 1 }], outbox: 1, clients: 1, meta: 1 })
  }))

  test.each([
    ['the change throws', async (tx: EdgeTx) => {
      await everything(tx)
      throw new Error('no')
    }],
    ['a side table cannot be written', async (tx: EdgeTx) => {
      await everything(tx)
      tx.sideWrite(sql => sql.exec('INSERT INTO nowhere VALUES (1)'))
    }],
  ])('leaves nothing behind when %s', (_, change) => withStore(async (store) => {
    await expect(store.commit(change)).rejects.toThrow()
    expect([contents(store), store.version()]).toEqual([{ rows: [], outbox: 0, clients: 0, meta: 0 }, 0])
  }))

  test('runs one commit after the other, also after one that failed', () => withStore(async (store) => {
    const increment = async (tx: EdgeTx) => {
      const before = await tx.get('n')
      await tx.set('n', (typeof before === 'number' ? before : 0) + 1)
    }
    const failing = store.commit(async () => {
      throw new Error('no')
    })
    await Promise.allSettled([failing, ...Array.from({ length: 10 }, () => store.commit(increment))])
    expect(await store.rows.get('n')).toBe(10)
  }))

  test('moves the version only for synced rows and clients, and reads it after a restart', () => withStore(async (store, restart) => {
    await store.commit(tx => tx.set('a', 1))
    await store.commit(async tx => tx.sideWrite(sql => sql.exec('INSERT INTO meta (key, value) VALUES (\'a\', \'1\')')))
    await store.commit(async () => {})
    await store.commit(async (tx) => {
      await tx.set('never', 1)
      await tx.del('never')
    })
    expect([store.version(), restart().version()]).toEqual([1, 1])
    await store.commit(async tx => tx.acknowledge({ clientGroupID: 'g', clientID: 'c', lastMutationID: 1 }))
    expect([store.version(), restart().version()]).toEqual([2, 2])
  }))

  test('leaves a tombstone for a committed row that is deleted', () => withStore(async (store) => {
    await store.commit(tx => tx.set('a', 1))
    await store.commit(tx => tx.del('a'))
    expect(contents(store).rows).toEqual([{ key: 'a', version: 2 }])
    expect(await store.rows.get('a')).toBeUndefined()
  }))

  test('tells listeners the changed rows and the requested effects', () => withStore(async (store) => {
    const calls: unknown[] = []
    store.onCommit((keys, effects) => calls.push([keys, effects]))
    await store.commit(async (tx) => {
      await tx.set('a', 1)
      tx.emit({ kind: 'answer' })
    })
    await store.commit(async () => {})
    await store.commit(async tx => tx.acknowledge({ clientGroupID: 'g', clientID: 'c', lastMutationID: 1 }))
    expect(calls).toEqual([[['a'], [{ kind: 'answer' }]], [[], []]])
  }))

  test('scans more rows than one page, while commits go on', () => withStore(async (store) => {
    await store.commit(async (tx) => {
      for (let n = 0; n < 450; n++)
        await tx.set(`a/${String(n).padStart(3, '0')}`, n)
    })
    let seen = 0
    for await (const [key] of store.rows.scan('a/')) {
      seen += 1
      if (key === 'a/100')
        await store.commit(tx => tx.del('a/449'))
    }
    expect(seen).toBe(449)
  }))

  test('requesting an effect that is due soon leaves its entry unchanged', () => withStore(async (store) => {
    await store.commit(async tx => tx.emit({ kind: 'compact' }))
    store.sql.exec('UPDATE outbox SET due = due - 1')
    const before = entries(store.sql)
    await store.commit(async tx => tx.emit({ kind: 'compact' }))
    expect(entries(store.sql)).toEqual(before)
  }))

  test('requesting an answer writes no entry, but makes a deferred one due within a lease', () => withStore(async (store) => {
    const requestAnswer = () => store.commit(async tx => tx.emit({ kind: 'answer' }))
    await requestAnswer()
    expect(entries(store.sql)).toEqual([])
    defer(store.sql, { kind: 'answer' }, { due: 1_000_000, tries: 3 })
    await requestAnswer()
    expect(entries(store.sql)).toEqual([{ key: 'answer', effect: { kind: 'answer' }, due: 1000 + LEASE_MS, tries: 1 }])
  }))
})

async function everything(tx: EdgeTx): Promise<void> {
  await tx.set('a', 1)
  tx.emit({ kind: 'compact' })
  tx.sideWrite(sql => sql.exec('INSERT INTO meta (key, value) VALUES (\'a\', \'1\')'))
  tx.acknowledge({ clientGroupID: 'g', clientID: 'c', lastMutationID: 1 })
}

function contents({ sql }: Store) {
  const count = (table: string) => sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).one().n
  return {
    rows: sql.exec('SELECT key, version FROM rows ORDER BY key').toArray(),
    outbox: count('outbox'),
    clients: count('clients'),
    meta: count('meta'),
  }
}
