import type { Row } from '#shared/protocol/replicache.ts'
import type { LiveRequests } from './live-requests.ts'
import { clear, createStore, get, set } from 'idb-keyval'
import * as z from 'zod'
import { row } from '#shared/protocol/replicache.ts'

/** Messages before the window, oldest first; `more` when there are older ones. */
export interface HistoryPage { rows: Row[], more: boolean }

const historyPage: z.ZodType<HistoryPage> = z.object({ rows: z.array(row), more: z.boolean() })

/** Keeps history pages for good: messages before the window never change. */
export interface HistoryPageStore {
  get: (before: number) => Promise<unknown>
  set: (before: number, page: HistoryPage) => Promise<void>
  clear: () => Promise<void>
}

export interface HistoryPages {
  /**
   * The messages before this sequence number, from this device
   * if it has them; null when the edge cannot be asked.
   */
  before: (sequence: number) => Promise<HistoryPage | null>
  clear: () => Promise<void>
}

interface HistoryPagesDeps {
  requests: Pick<LiveRequests, 'call'>
  store: HistoryPageStore
}

/** Reads the history page by page and keeps each page on the device. */
export function createHistoryPages({ requests, store }: HistoryPagesDeps): HistoryPages {
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
    clear: () => store.clear(),
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
