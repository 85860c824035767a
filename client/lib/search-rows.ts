import type { Note } from '#shared/model/note.ts'
import type { Task } from '#shared/model/task.ts'
import type { SearchHit } from '#shared/protocol/search.ts'
import type { Term } from '#shared/search/parse-query.ts'
import type { ThreadEntry } from './thread.ts'
import { messageSequence } from '#shared/model/message.ts'
import { MAX_HITS, SNIPPET_LENGTH } from '#shared/protocol/search.ts'
import { fold } from '#shared/search/fold.ts'
import { messageText } from '#shared/search/message-text.ts'
import { parseQuery } from '#shared/search/parse-query.ts'
import { findHits, snippet } from '#shared/search/snippet.ts'

export interface SearchableRows { thread: readonly ThreadEntry[], tasks: readonly Task[], notes: readonly Note[] }

/**
 * Searches the rows on this device as the edge does:
 * rows with most of the words first, then the newest.
 */
export function searchRows({ thread, tasks, notes }: SearchableRows, query: string): SearchHit[] {
  const terms = parseQuery(query)
  if (terms.length === 0)
    return []
  const found: { terms: number, hit: SearchHit }[] = []
  const collect = (owner: object, text: string, toHit: () => SearchHit) => {
    const count = countTerms(owner, text, terms)
    if (count > 0)
      found.push({ terms: count, hit: toHit() })
  }

  for (const { key, message } of thread) {
    const sequence = messageSequence(key)
    if (message.kind === 'task' || sequence === null)
      continue
    const text = messageText(message)
    collect(message, text, () => ({
      kind: 'message',
      at: message.at,
      sequence,
      who: message.kind === 'event' ? 'task' : message.kind,
      snippet: snippet(text, terms, SNIPPET_LENGTH),
    }))
  }
  for (const task of tasks) {
    const text = [task.title, task.repository, task.brief, task.plan].filter(Boolean).join('\n\n')
    collect(task, text, () => ({
      kind: 'task',
      at: task.createdAt,
      task: task.id,
      title: task.title,
      snippet: snippet(text, terms, SNIPPET_LENGTH),
    }))
  }
  for (const note of notes) {
    collect(note, note.text, () => ({
      kind: 'note',
      at: note.changedAt,
      note: note.id,
      snippet: snippet(note.text, terms, SNIPPET_LENGTH),
    }))
  }

  return found.sort((a, b) => b.terms - a.terms || b.hit.at - a.hit.at).slice(0, MAX_HITS).map(({ hit }) => hit)
}

/** Folded texts by row. Folding is most of the work, and rows never change: a changed row is another object. */
const folded = new WeakMap<object, string>()

function countTerms(owner: object, text: string, terms: readonly Term[]): number {
  const known = folded.get(owner) ?? fold(text)
  folded.set(owner, known)
  // A cheap filter with false positives; only terms that pass it are matched word by word.
  const maybe = terms.filter(({ words }) => words.every(word => known.includes(word)))
  return maybe.length === 0 ? 0 : new Set(findHits(text, maybe).map(({ term }) => term)).size
}
