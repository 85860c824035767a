import type { Message } from '#shared/model/message.ts'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'

/** A workerd that was asked to end keeps its file locked for a moment. */
const LOCK_TIMEOUT_MS = 120_000

const NEWEST_SQL = `SELECT (SELECT MAX(version) FROM (SELECT version FROM rows UNION ALL SELECT version FROM clients)) AS version,
  (SELECT MAX(key) FROM rows WHERE key LIKE 'message/%') AS last`
const newest = z.object({ version: z.number(), last: z.string().nullable() })

const DAY_MS = 24 * 3_600_000

/** Inserts `count` messages into the storage of an edge that has run once and is stopped. */
export async function seedMessages(state: string, count: number): Promise<void> {
  const database = new DatabaseSync(await storageFile(state), { timeout: LOCK_TIMEOUT_MS })
  const { version, last } = newest.parse(database.prepare(NEWEST_SQL).get())
  const from = last === null ? 1 : Number(last.slice(-12)) + 1
  const insert = database.prepare('INSERT INTO rows (key, version, value) VALUES (?, ?, ?)')
  database.exec('BEGIN')
  for (let n = 0; n < count; n++)
    insert.run(messageKey(from + n), version + 1 + n, JSON.stringify(seededMessage(from + n, count)))
  // Without this, the edge would begin to answer all of them.
  database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (\'answered_through\', ?)').run(String(from + count - 1))
  database.exec('COMMIT')
  database.close()
}

/** Alternates between the person and Claude; the length is that of typical messages. */
function seededMessage(n: number, count: number): Message {
  const at = Date.now() - Math.floor((count - n) / 40) * DAY_MS
  const id = `seeded-${n}`
  return n % 2 === 1
    ? { kind: 'person', id, at, text: `Message ${n}: what is left to do before the release, and who waits for whom?` }
    : {
        kind: 'claude',
        id,
        at,
        turn: `turn-${n}`,
        state: 'done',
        text: [
          `Reply ${n}. **Two things** are left:`,
          '1. The `retry` in the client waits too long after a refusal.\n2. The notes say nothing of the new limit.',
          'Both are small; the first needs a test that fails without it.',
        ].join('\n\n'),
      }
}

async function storageFile(state: string): Promise<string> {
  const files = await readdir(state, { recursive: true })
  return join(state, must(files.find(file => /mainloop-Mainloop\/[\da-f]{64}\.sqlite$/.test(file)), 'the storage of a Durable Object'))
}
