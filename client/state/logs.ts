import type { LogLine } from '#shared/protocol/log.ts'
import { shallowReactive } from 'vue'
import { logPage } from '#shared/protocol/log.ts'
import { withLines } from '../sync/log-tail.ts'

export interface Logs {
  add: (task: string, lines: readonly LogLine[]) => void
  of: (task: string) => readonly LogLine[]
  /** Fetches an attempt's lines that are not here yet; resolves to false when the edge could not be asked. */
  load: (task: string, attempt: number) => Promise<boolean>
}

export function createLogs(get: typeof fetch): Logs {
  const tails = shallowReactive(new Map<string, readonly LogLine[]>())
  const of = (task: string) => tails.get(task) ?? []
  const add = (task: string, lines: readonly LogLine[]) => void tails.set(task, withLines(of(task), lines))

  async function load(task: string, attempt: number) {
    let after = 0
    for (;;) {
      const response = await get(`/api/tasks/${task}/log?attempt=${attempt}&after=${after}`).catch(() => null)
      if (!response?.ok)
        return false
      const { lines, more } = logPage.parse(await response.json())
      add(task, lines)
      const last = lines.at(-1)
      if (!more || !last)
        return true
      after = last.n
    }
  }

  return { add, of, load }
}
