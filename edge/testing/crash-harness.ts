import type { Model } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import { abortAllDurableObjects, evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { unreachable } from '#shared/lib/unreachable.ts'
import { createTurns } from '../conversation/turns.ts'
import { compact } from '../memory/compaction.ts'
import { createStore } from '../store/create-store.ts'
import { createDrain } from '../store/drain.ts'
import { migrate } from '../store/migrate.ts'
import { defer, entries, remove } from '../store/outbox.ts'
import { onStorage } from './harness.ts'

/** An object stays in memory but never continues, is evicted, or is aborted and loses everything that was not stored. */
export const ENDS = ['restart', 'evict', 'abort'] as const
export type End = typeof ENDS[number]

/** A Durable Object's storage with turns, compaction and their outbox; its clock stands still. */
export interface CrashHarness {
  store: Store
  /** Performs all requested effects, as the alarm does. */
  perform: () => Promise<void>
}

const NOW = 1_000_000

/** The content of every attached file. */
const FILE = new TextEncoder().encode('Tabs, please.')

export function onCrashHarness<T>(name: string, model: Model, run: (harness: CrashHarness) => Promise<T>): Promise<T> {
  return onStorage((storage) => {
    migrate(storage)
    const now = () => NOW
    const store = createStore({ storage, now })
    const { sql } = store
    const turns = createTurns({
      store,
      model,
      modelId: 'claude-sonnet-5-5',
      readFile: async () => FILE,
      broadcast: () => {},
      now,
      newId: () => crypto.randomUUID(),
    })
    const pending: Promise<void>[] = []
    const failures: unknown[] = []
    const drain = createDrain({
      entries: () => entries(sql),
      defer: (effect, to) => defer(sql, effect, to),
      remove: key => remove(sql, key),
      perform: (effect) => {
        switch (effect.kind) {
          case 'answer': return turns.answer()
          case 'compact': return compact({ store, summariser: { id: 'claude-haiku-5-5', model }, now })
          // There are no subscriptions.
          case 'notify': return Promise.resolve()
          default: return unreachable(effect)
        }
      },
      gaveUp: effect => Promise.reject(new Error(`gave up ${effect.kind}`)),
      failed: (_, error) => void failures.push(error),
      background: work => void pending.push(work),
      rescheduled: () => {},
      now,
      random: () => 0,
    })
    store.onCommit((_, effects) => drain.enqueue(effects))
    return run({
      store,
      async perform() {
        drain.recover(await turns.isWanted() ? [{ kind: 'answer' }] : [])
        while (entries(sql).length > 0 || pending.length > 0) {
          // Ends the leases of the earlier object.
          sql.exec('UPDATE outbox SET due = 0')
          drain.fire()
          await Promise.all(pending.splice(0))
          if (failures.length > 0)
            throw failures[0]
        }
      },
    })
  }, name)
}

export async function endObject(name: string, end: End): Promise<void> {
  switch (end) {
    case 'restart': return
    case 'evict': return evictDurableObject(env.BLANK.getByName(name))
    case 'abort': return abortAllDurableObjects()
    default: return unreachable(end)
  }
}

/** Everything that is stored, with ids replaced by their order: ids differ from run to run, and nothing else may. */
export function snapshot({ sql }: Store): string {
  const stored = JSON.stringify({
    rows: sql.exec('SELECT key, value FROM rows ORDER BY key').toArray(),
    turns: sql.exec('SELECT * FROM turns ORDER BY answers_through').toArray(),
    toolCalls: sql.exec('SELECT * FROM tool_calls').toArray(),
    spans: sql.exec('SELECT * FROM spans ORDER BY first').toArray(),
    outbox: sql.exec('SELECT * FROM outbox').toArray(),
  }, null, 1)
  const ids = [...stored.matchAll(ID)].map(([, task, other]) => task ?? other ?? '')
  return [...new Set(ids)].reduce((text, id, order) => text.replaceAll(id, `<id ${order}>`), stored)
}

const ID = /"task\/([a-z\d]{10})"|([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})/g
