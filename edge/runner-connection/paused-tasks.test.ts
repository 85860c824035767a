import type { Store } from '../store/store.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { read, rows } from '#shared/model/rows.ts'
import { taskKey } from '#shared/model/task.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { createUnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { withStore } from '../testing/harness.ts'
import { createPausedTasks } from './paused-tasks.ts'

const BROKEN = 'aaaaaaaaaa'
const HEALTHY = 'bbbbbbbbbb'
const MINUTE_MS = 60_000

afterEach(() => void vi.restoreAllMocks())

/** A store on which every commit that reads this row fails. */
function failingAt(store: Store, broken: string): Store {
  return {
    ...store,
    commit: change => store.commit((tx) => {
      const get = tx.get.bind(tx)
      vi.spyOn(tx, 'get').mockImplementation(async (key) => {
        if (key === broken)
          throw new Error('The row is broken.')
        return get(key)
      })
      return change(tx)
    }),
  }
}

test('a task that cannot resume stops no other, and is tried again ever more rarely', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const clock = { now: 1000 }
  return withStore(async (store) => {
    const status = async (id: string) => (await read(store.rows, rows.task, id))?.state.status
    await store.commit(async (tx) => {
      for (const id of [BROKEN, HEALTHY])
        await tx.set(taskKey(id), buildTask({ id, state: { ...STATES.paused, until: 5000 } }))
    })
    const tasks = createPausedTasks(failingAt(store, taskKey(BROKEN)), createUnfinishedTasks(store), () => clock.now)
    expect(tasks.next()).toBe(5000)

    clock.now = 5000
    await tasks.resume()
    expect([await status(BROKEN), await status(HEALTHY)]).toEqual(['paused', 'queued'])
    expect(tasks.next()).toBe(clock.now + MINUTE_MS)
    await tasks.resume()
    expect(logged).toHaveBeenCalledTimes(1)

    clock.now += MINUTE_MS
    await tasks.resume()
    expect(tasks.next()).toBe(clock.now + 2 * MINUTE_MS)
    expect(logged).toHaveBeenCalledTimes(2)
  }, () => clock.now)
})
