import type { Json } from '../model/json.ts'
import type { ReadTx, Tx } from '../mutators/tx.ts'
import { describe, expect, test } from 'vitest'
import { MESSAGE_PREFIX } from '../model/message.ts'

/** Empty rows of one implementation of `Tx`. */
export interface TxHarness {
  /** Runs and commits one change. When it throws, nothing is changed and the caller gets the error. */
  run: <T extends Json | void>(change: (tx: Tx) => Promise<T>) => Promise<T>
}

/** Tests that every implementation of `Tx` passes, so that a mutator has the same effect on a device and at the edge. */
export function txSuite(implementation: string, open: (test: (harness: TxHarness) => Promise<void>) => Promise<void>): void {
  describe(`Tx: ${implementation}`, () => {
    test('a row that was never set is undefined', () => open(async ({ run }) => {
      expect(await run(async tx => await tx.get('a') === undefined)).toBe(true)
    }))

    test('a change reads its own writes', () => open(async ({ run }) => {
      expect(await run(async (tx) => {
        await tx.set('a', { n: 1 })
        return await tx.get('a') ?? null
      })).toEqual({ n: 1 })
    }))

    test('the next change reads the writes of the last one', () => open(async ({ run }) => {
      await run(tx => tx.set('a', 1))
      await run(tx => tx.set('a', 2))
      expect(await run(async tx => await tx.get('a') ?? null)).toBe(2)
    }))

    test('a deleted row is gone, at once and afterwards', () => open(async ({ run }) => {
      await run(tx => tx.set('a', 1))
      expect(await run(async tx => [await tx.del('a'), await tx.get('a') === undefined])).toEqual([true, true])
      expect(await run(async tx => [await tx.get('a') === undefined, await keys(tx, '')])).toEqual([true, []])
    }))

    test('a row that was written and deleted in one change never existed', () => open(async ({ run }) => {
      expect(await run(async (tx) => {
        await tx.set('a', 1)
        return [await tx.del('a'), await keys(tx, '')]
      })).toEqual([true, []])
      expect(await run(tx => keys(tx, ''))).toEqual([])
    }))

    test('deleting a missing row returns false', () => open(async ({ run }) => {
      expect(await run(tx => tx.del('a'))).toBe(false)
    }))

    test('a deleted row can be written again', () => open(async ({ run }) => {
      await run(tx => tx.set('a', 1))
      await run(async (tx) => {
        await tx.del('a')
        await tx.set('a', 2)
      })
      expect(await run(async tx => await tx.get('a') ?? null)).toBe(2)
    }))

    test('a scan shows stored and new rows of the prefix in key order, each with its newest value', () => open(async ({ run }) => {
      await run(async (tx) => {
        for (const key of ['a', 'b/1', 'b/3', 'b/5', 'c'])
          await tx.set(key, 'stored')
      })
      expect(await run(async (tx) => {
        await tx.set('b/2', 'new')
        await tx.set('b/3', 'changed')
        await tx.del('b/5')
        await tx.set('b/7', 'new')
        await tx.set('d', 'new')
        return rows(tx, 'b/')
      })).toEqual([['b/1', 'stored'], ['b/2', 'new'], ['b/3', 'changed'], ['b/7', 'new']])
    }))

    test('a scan can be left early', () => open(async ({ run }) => {
      await run(async (tx) => {
        await tx.set('a/1', 1)
        await tx.set('a/2', 2)
      })
      expect(await run(async (tx) => {
        const keys: string[] = []
        for await (const [key] of tx.scan('a/')) {
          keys.push(key)
          if (keys.length === 1)
            break
        }
        return keys
      })).toEqual(['a/1'])
    }))

    test('a change that throws leaves nothing behind', () => open(async ({ run }) => {
      await run(tx => tx.set('a', 1))
      await expect(run(async (tx) => {
        await tx.set('a', 2)
        await tx.set('b', 2)
        await tx.del('a')
        throw new Error('no')
      })).rejects.toThrow('no')
      expect(await run(tx => rows(tx, ''))).toEqual([['a', 1]])
    }))

    test('messages are in the order of writing', () => open(async ({ run }) => {
      for (const texts of [['m1'], ['m2', 'm3'], ['m4']]) {
        await run(async (tx) => {
          for (const text of texts)
            await tx.set(await tx.nextMessageKey(text), text)
        })
      }
      const written = await run(tx => rows(tx, MESSAGE_PREFIX))
      expect(written.map(([, text]) => text)).toEqual(['m1', 'm2', 'm3', 'm4'])
    }))

    test('a refused message leaves its sequence number free', () => open(async ({ run }) => {
      await expect(run(async (tx) => {
        await tx.set(await tx.nextMessageKey('refused'), 'refused')
        throw new Error('no')
      })).rejects.toThrow('no')
      await run(async tx => tx.set(await tx.nextMessageKey('kept'), 'kept'))
      expect((await run(tx => rows(tx, MESSAGE_PREFIX))).map(([, text]) => text)).toEqual(['kept'])
    }))

    test('emitting an effect changes no row', () => open(async ({ run }) => {
      await run(async tx => tx.emit({ kind: 'answer' }))
      expect(await run(tx => keys(tx, ''))).toEqual([])
    }))
  })
}

async function rows(tx: ReadTx, prefix: string): Promise<[string, Json][]> {
  const found: [string, Json][] = []
  for await (const [key, value] of tx.scan(prefix))
    found.push([key, value])
  return found
}

async function keys(tx: ReadTx, prefix: string): Promise<string[]> {
  return (await rows(tx, prefix)).map(([key]) => key)
}
