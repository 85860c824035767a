import type { LogLine } from '#shared/protocol/log.ts'

/** What a panel shows without asking for the whole log. Lines; the older ones stay at the edge. */
const MAX_TAIL_LINES = 2_000

/** The tail with further lines: each once, in order, the newest `MAX_TAIL_LINES`. */
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
