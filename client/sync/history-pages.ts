import type { Row } from '#shared/protocol/replicache.ts'
import type { LiveRequests } from './live-requests.ts'
import { clear, createStore, get, set } from 'idb-keyval'
import * as z from 'zod'
import { row } from '#shared/protocol/replicache.ts'

/** A page of the past, oldest first; `more` when there is something before it. */
export interface HistoryPage { rows: Row[], more: boolean }

const historyPage: z.ZodType<HistoryPage> = z.object({ rows: z.array(row), more: z.boolean() })

/** Where pages are kept; what is old does not change any more. */
export interface HistoryPageStore {
  get: (before: number) => Promise<unknown>
  set: (before: number, page: HistoryPage) => Promise<void>
  clear: () => Promise<void>
}

export interface HistoryPages {
  /**
   * The messages before this sequence number, from this device if
   * they were read before; null while the edge cannot be asked.
   */
  before: (sequence: number) => Promise<HistoryPage | null>
  forget: () => Promise<void>
}

/** The past beyond what syncs, read page by page and kept. */
export function createHistoryPages({
  requests,
  store,
}: {
  requests: Pick<LiveRequests, 'call'>
  store: HistoryPageStore
}): HistoryPages {
  return {
    async before(sequence) {
      const kept = historyPage.safeParse(await store.get(sequence))
      if (kept.success)
        return kept.data
      const answer = await requests.call({ type: 'history', before: sequence })
      if (answer?.type !== 'history')
        return null
      const { rows, more } = answer
      await store.set(sequence, { rows, more })
      return { rows, more }
    },
    forget: () => store.clear(),
  }
}

export function historyPageStore(name: string, kind: 'idb' | 'mem'): HistoryPageStore {
  if (kind === 'mem') {
    const pages = new Map<number, HistoryPage>()
    return {
      get: async before => pages.get(before),
      set: async (before, page) => void pages.set(before, page),
      clear: async () => pages.clear(),
    }
  }
  const pages = createStore(`${name}/older`, 'pages')
  return {
    get: before => get(before, pages),
    set: (before, page) => set(before, page, pages),
    clear: () => clear(pages),
  }
}
