import * as z from 'zod'
import { databaseName } from '../lib/database-name.ts'
import { createAcknowledgedMutations } from '../sync/acknowledged-mutations.ts'
import { journalStore } from '../sync/journal-store.ts'
import { createJournal } from '../sync/journal.ts'
import { openReplica } from '../sync/replica.ts'
import { openTabs } from '../sync/tabs.ts'

export interface UnsentChange { what: string, words: string }

/** What was done on this device and never reached the edge, read without asking the edge anything. */
export async function readUnsentChanges(person: string, store: 'idb' | 'mem' = 'idb'): Promise<UnsentChange[]> {
  const noop = () => {}
  const replica = openReplica({
    name: databaseName(person),
    store,
    now: Date.now,
    journal: createJournal({ store: journalStore(databaseName(person), store), onUnsaved: noop }),
    tabs: openTabs(databaseName(person)),
    acknowledged: createAcknowledgedMutations(),
    requests: { call: () => Promise.resolve(null) },
    onStuck: noop,
    onPulled: noop,
    onForgotten: noop,
    onStale: noop,
  })
  try {
    return (await replica.unsent()).map(({ name, args }) => describe(name, args))
  }
  finally {
    await replica.close()
  }
}

const WHAT: Record<string, string> = {
  sendMessage: 'Message',
  decideTask: 'Decision about a task',
  addNote: 'Note',
  editNote: 'Change of a note',
}
const spoken = z.union([
  z
    .object({ text: z.string(), files: z.array(z.object({ name: z.string() })).default([]) })
    .transform(({ text, files }) =>
      [text, ...files.map(({ name }) => `Attached: ${name}`)].filter(Boolean).join('\n\n'),
    ),
  z.object({ event: z.object({ words: z.string() }) }).transform(({ event }) => event.words),
])

/** In words where a person wrote some, else exactly as it would have been sent. */
function describe(name: string, args: unknown): UnsentChange {
  const words = spoken.safeParse(args)
  return { what: WHAT[name] ?? name, words: words.success ? words.data : JSON.stringify(args, null, 2) }
}

export function toMarkdown(unsent: readonly UnsentChange[]): string {
  return unsent.map(({ what, words }) => `## ${what}\n\n${words}\n`).join('\n')
}
