import * as z from 'zod'
import { databaseName } from '../lib/database-name.ts'
import { createAcknowledgedMutations } from '../sync/acknowledged-mutations.ts'
import { journalStore } from '../sync/journal-store.ts'
import { createJournal } from '../sync/journal.ts'
import { openReplica } from '../sync/replica.ts'
import { openTabs } from '../sync/tabs.ts'

export interface UnsentChange { title: string, text: string }

/** Reads the mutations that never reached the edge, without a connection. */
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

const TITLE: Record<string, string> = {
  sendMessage: 'Message',
  decideTask: 'Decision about a task',
  addNote: 'Note',
  editNote: 'Change of a note',
}
const writtenText = z.object({ text: z.string(), files: z.array(z.object({ name: z.string() })).default([]) })
const writtenEvent = z.object({ event: z.object({ words: z.string() }) })
const written = z.union([
  writtenText.transform(({ text, files }) => [text, ...files.map(attachedLine)].filter(Boolean).join('\n\n')),
  writtenEvent.transform(({ event }) => event.words),
])

/** The person's words if there are some, else the exact arguments. */
function describe(name: string, args: unknown): UnsentChange {
  const text = written.safeParse(args)
  return { title: TITLE[name] ?? name, text: text.success ? text.data : JSON.stringify(args, null, 2) }
}

function attachedLine({ name }: { name: string }): string {
  return `Attached: ${name}`
}

export function toMarkdown(unsent: readonly UnsentChange[]): string {
  return unsent.map(({ title, text }) => `## ${title}\n\n${text}\n`).join('\n')
}
