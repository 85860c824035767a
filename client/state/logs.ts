import type { LogLine } from '#shared/protocol/log.ts'
import { shallowReactive } from 'vue'
import { logPage } from '#shared/protocol/log.ts'

/** Number of lines that a panel keeps; the older ones stay at the edge. */
const MAX_TAIL_LINES = 2_000

export interface Logs {
  add: (task: string, lines: readonly LogLine[]) => void
  of: (task: string) => readonly LogLine[]
  /** Fetches an attempt's missing lines; resolves to false when the edge could not be reached. */
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

/** Adds lines to the tail: each once, in order, the newest `MAX_TAIL_LINES`. */
export function withLines(tail: readonly LogLine[], lines: readonly LogLine[]): LogLine[] {
  const last = tail.at(-1)
  const inOrder = lines.every((line, i) => compare(i === 0 ? last : lines[i - 1], line) < 0)
  if (inOrder)
    return [...tail, ...lines].slice(-MAX_TAIL_LINES)
  const unique = new Map([...tail, ...lines].map(line => [`${line.attempt}/${line.n}`, line]))
  return [...unique.values()].sort(compare).slice(-MAX_TAIL_LINES)
}

function compare(one: LogLine | undefined, other: LogLine): number {
  return one ? one.attempt - other.attempt || one.n - other.n : -1
}
