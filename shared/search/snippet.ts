import type { Term } from './parse-query.ts'
import type { Word } from './words.ts'
import { words } from './words.ts'

/** A piece of a text; `hit` when it matches the query. */
export interface SnippetPart { text: string, hit: boolean }

/** Only this much of a long text is searched for a snippet. Characters. */
const MAX_READ = 300_000

/** The part of `text` with the most terms close together, about `length` characters, with its hits marked. */
export function snippet(text: string, terms: readonly Term[], length: number): SnippetPart[] {
  const hits = findHits(text.slice(0, MAX_READ), terms)
  const best = densest(hits, length)
  const first = best[0]
  const room = length - (first === undefined ? 0 : (best.at(-1)?.end ?? 0) - first.start)
  const wanted = first === undefined ? 0 : first.start - Math.max(0, Math.floor(room / 3))
  // Near the end of the text there is room for more before the hits.
  const from = wordStart(text, Math.max(0, Math.min(wanted, text.length - length)))
  const to = wordEnd(text, Math.min(text.length, from + length))

  const parts: SnippetPart[] = []
  let at = from
  for (const { start, end } of hits) {
    if (start < from || end > to)
      continue
    parts.push({ text: text.slice(at, start), hit: false }, { text: text.slice(start, end), hit: true })
    at = end
  }
  parts.push({ text: text.slice(at, to), hit: false })
  return [
    ...from > 0 ? [{ text: '… ', hit: false }] : [],
    ...parts.map(part => ({ ...part, text: part.text.replaceAll(/\s+/g, ' ') })),
    ...to < text.length ? [{ text: ' …', hit: false }] : [],
  ].filter(part => part.text !== '')
}

/** The start of that part; 0 without a hit. */
export function bestMatchStart(text: string, terms: readonly Term[], length: number): number {
  return densest(findHits(text.slice(0, MAX_READ), terms), length)[0]?.start ?? 0
}

interface Hit { start: number, end: number, term: number }

/** The hits of the terms, in order and without overlap. */
export function findHits(text: string, terms: readonly Term[]): Hit[] {
  const all = [...words(text)]
  const hits: Hit[] = []
  for (let at = 0; at < all.length; at++) {
    const term = terms.findIndex(candidate => matchesAt(candidate, all, at))
    const start = all[at]?.start
    const end = all[at + (terms[term]?.words.length ?? 1) - 1]?.end
    if (term === -1 || start === undefined || end === undefined)
      continue
    hits.push({ start, end, term })
    at += (terms[term]?.words.length ?? 1) - 1
  }
  return hits
}

function matchesAt({ words: wanted, prefix }: Term, all: readonly Word[], at: number): boolean {
  return wanted.every((word, n) => {
    const folded = all[at + n]?.folded
    return prefix && n === wanted.length - 1 ? folded?.startsWith(word) : folded === word
  })
}

/** The run of hits within `length` that has the most different terms, then the most hits. */
function densest(hits: readonly Hit[], length: number): readonly Hit[] {
  let best: readonly Hit[] = []
  let bestScore = -1
  let from = 0
  for (let to = 0; to < hits.length; to++) {
    while ((hits[to]?.end ?? 0) - (hits[from]?.start ?? 0) > length && from < to)
      from++
    const run = hits.slice(Math.max(from, to - MAX_RUN), to + 1)
    const score = new Set(run.map(({ term }) => term)).size * MAX_RUN + run.length
    if (score > bestScore) {
      best = run
      bestScore = score
    }
  }
  return best
}

/** More hits in one snippet do not help a reader. */
const MAX_RUN = 20

function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + 20).search(/\s/)
  return at === 0 || space === -1 ? at : at + space + 1
}

function wordEnd(text: string, at: number): number {
  const space = text.slice(at, at + 20).search(/\s/)
  return at === text.length || space === -1 ? at : at + space
}
