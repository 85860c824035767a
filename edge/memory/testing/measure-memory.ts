import type { Message } from '#shared/model/message.ts'
import type { ContextRequest } from '../../conversation/build-request.ts'
import type { ModelRequest } from '../../model/model.ts'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'
import { buildRequest } from '../../conversation/build-request.ts'
import { createStore } from '../../store/create-store.ts'
import { migrate } from '../../store/migrate.ts'
import { countRows } from '../../testing/count-rows.ts'
import { countTokens } from '../../text/count-tokens.ts'
import { newestSequence } from '../../thread/read-messages.ts'
import { compact } from '../compaction.ts'
import { nextStep } from '../next-step.ts'
import { keeping, summariserOf } from './memory-fixtures.ts'

/** Rows that were read and tokens of the request. */
export interface Cost { rows: number, tokens: number }

export interface MemoryMeasurement {
  /** Adds messages through this sequence number, with these texts in turn. */
  fill: (filling: { through: number, texts: readonly string[] }) => { through: number }
  /** Runs up to `steps` steps of compaction; returns the highest cost of a step and whether nothing is left to do. */
  catchUp: (steps: number) => Promise<Cost & { rests: boolean }>
  /** Adds messages until a compaction is due, when context and compaction cost most. */
  untilDue: (filling: { texts: readonly string[] }) => { through: number }
  context: (times: number) => Cost
  /** Runs one step `times` times; the summaries are restored after each. */
  compact: (times: number) => Promise<Cost>
}

/** Measures context and compaction over real storage, with a summariser that fills its page. */
export function createMemoryMeasurement(uncounted: DurableObjectStorage): MemoryMeasurement {
  migrate(uncounted)
  const { storage, read } = countRows(uncounted)
  const { sql } = uncounted
  const store = createStore({ storage, now: () => 0 })

  /** Runs one step: the summariser is busy from its second request on. */
  async function step(): Promise<Cost> {
    const before = read()
    const summariser = summariserOf(() =>
      summariser.requests.length === 1 ? PAGE : { stop: 'error', failure: { kind: 'overloaded', message: 'Busy.', retryAt: null } },
    )
    await compact({ store, summariser, now: () => 0 })
    return { rows: read() - before, tokens: tokensOf(must(summariser.requests[0], 'a request')) }
  }

  function fill({ through, texts }: { through: number, texts: readonly string[] }): { through: number } {
    uncounted.transactionSync(() => {
      for (let n = newestSequence(sql) + 1; n <= through; n++)
        insertMessage(sql, n, texts[n % texts.length] ?? '')
    })
    return { through }
  }

  return {
    fill,
    async catchUp(steps) {
      const most = { rows: 0, tokens: 0 }
      for (let n = 0; n < steps && nextStep(sql).do !== 'rest'; n++) {
        const { rows, tokens } = await step()
        most.rows = Math.max(most.rows, rows)
        most.tokens = Math.max(most.tokens, tokens)
      }
      return { ...most, rests: nextStep(sql).do === 'rest' }
    },
    untilDue({ texts }) {
      while (nextStep(sql).do === 'rest')
        fill({ through: newestSequence(sql) + 1, texts })
      return { through: newestSequence(sql) }
    },
    context(times) {
      const before = read()
      const turn = { id: 't', answersThrough: newestSequence(sql), tries: 0, steps: [], reply: null, waits: 0 }
      const requests = Array.from({ length: times }, () => buildRequest(storage.sql, turn, 0))
      return { rows: (read() - before) / times, tokens: tokensOf(must(requests[0], 'a request')) }
    },
    async compact(times) {
      const costs: Cost[] = []
      const spans = sql.exec('SELECT * FROM spans').toArray()
      for (let n = 0; n < times; n++) {
        costs.push(await step())
        restore(uncounted, spans)
      }
      return must(costs[0], 'a step')
    },
  }
}

/** Restores only the changed spans, so that the time does not depend on the number of summaries. */
function restore({ sql }: DurableObjectStorage, spans: readonly Record<string, SqlStorageValue>[]): void {
  const placeOf = ({ first, last }: Record<string, SqlStorageValue>) => `${first}-${last}`
  const after = new Map(sql.exec('SELECT first, last FROM spans').toArray().map(span => [placeOf(span), span]))
  const before = new Map(spans.map(span => [placeOf(span), span]))
  for (const [place, { first }] of after) {
    if (!before.has(place))
      sql.exec('DELETE FROM spans WHERE first = ?', first)
  }
  for (const [place, span] of before) {
    if (!after.has(place))
      sql.exec(`INSERT INTO spans (${Object.keys(span).join(', ')}) VALUES (${Object.keys(span).map(() => '?').join(', ')})`, ...Object.values(span))
  }
}

/** A summary of the maximum length. */
const PAGE = keeping({
  decided: ['The retry waits twice as long each time, because the server refuses more than ten requests in a second.'],
  open: ['Who brings the notes of the release up to date, and whether that can wait until the new limit is known?'],
  facts: Array.from({ length: 40 }, (_, n) => `${n}: the staging cluster runs in Frankfurt, and its certificate ends on the first of March.`),
})

/** Inserts a message of the person (odd numbers) or Claude's reply to the one before. */
function insertMessage(sql: SqlStorage, sequence: number, text: string): void {
  const turn = `turn ${sequence}`
  const base = { id: `m${sequence}`, at: sequence * 60_000, text }
  const message: Message = sequence % 2 === 1 ? { ...base, kind: 'person' } : { ...base, kind: 'claude', turn, state: 'done' }
  sql.exec('INSERT INTO rows (key, version, value) VALUES (?, ?, ?)', messageKey(sequence), sequence, JSON.stringify(message))
  if (message.kind === 'claude')
    sql.exec('INSERT INTO turns (id, answers_through, tries, model, steps, started_at) VALUES (?, ?, 0, \'\', \'\', 0)', turn, sequence - 1)
  sql.exec('INSERT INTO meta (key, value) VALUES (\'answered_through\', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1', String(sequence))
}

function tokensOf({ system, messages, tools }: ModelRequest | ContextRequest): number {
  return (
    countTokens(system.join('')) + countTokens(JSON.stringify(tools)) + messages.reduce((sum, { content }) => sum + countTokens(JSON.stringify(content)), 0)
  )
}
