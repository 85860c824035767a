import type { UnreadableRow } from '../state/rows.ts'
import { tryOnScopeDispose, useTimeoutFn } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { saveFile } from '../lib/save-file.ts'
import { UNDO_MS } from '../state/undo-queue.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

/** The rows that cannot be read. A deletion can be undone for a moment, because nothing can write such a row again. */
export function useUnreadableRows() {
  const { rows, mutate } = useMainloop()
  const { problem, attempt } = useProblem(Refused)
  const removed = shallowRef<UnreadableRow | null>(null)
  const { start, stop } = useTimeoutFn(commit, UNDO_MS, { immediate: false })

  async function commit() {
    stop()
    const row = removed.value
    if (row)
      await attempt(() => mutate.removeRow({ key: row.key }))
    if (removed.value === row)
      removed.value = null
  }

  function remove(row: UnreadableRow) {
    void commit()
    removed.value = row
    start()
  }

  function undo() {
    stop()
    removed.value = null
  }

  // Leaving the screen offers no undo any more.
  tryOnScopeDispose(commit)

  return {
    unreadable: computed(() => rows.unreadable.value.filter(({ key }) => key !== removed.value?.key)),
    problem,
    /** The row whose deletion can still be undone. */
    removed,
    remove,
    undo,
    save: ({ key, value }: UnreadableRow) =>
      saveFile(`mainloop-${key.replaceAll(/[^\w-]/g, '-')}.json`, JSON.stringify({ key, value }, null, 2), 'application/json'),
  }
}
