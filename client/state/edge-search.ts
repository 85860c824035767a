import type { SearchHit } from '#shared/protocol/search.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import { message } from '#shared/model/message.ts'
import { aroundAnswer, searchAnswer } from '#shared/protocol/search.ts'

export interface EdgeSearch {
  /** The edge's results; null when it could not be reached. */
  find: (query: string) => Promise<SearchHit[] | null>
  /** The messages around a sequence number; null when the edge could not be reached. */
  around: (sequence: number) => Promise<ThreadEntry[] | null>
}

/** Searches what only the edge has: logs, and messages that are not on this device. */
export function createEdgeSearch(get: typeof fetch): EdgeSearch {
  async function fetchJson(path: string): Promise<unknown> {
    const response = await get(path).catch(() => null)
    return response?.ok ? response.json() : null
  }

  return {
    async find(query) {
      return searchAnswer.safeParse(await fetchJson(`/api/search?q=${encodeURIComponent(query)}`)).data?.hits ?? null
    },
    async around(sequence) {
      const rows = aroundAnswer.safeParse(await fetchJson(`/api/messages?around=${sequence}`)).data?.rows
      return rows?.flatMap(({ key, value }) => {
        const parsed = message.safeParse(value)
        return parsed.success ? [{ key, pending: false, message: parsed.data }] : []
      }) ?? null
    },
  }
}
