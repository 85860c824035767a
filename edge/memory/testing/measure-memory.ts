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

/** What was read and what the model is given. */
export interface Cost { rows: number, tokens: number }

export interface MemoryMeasurement {
  /** Lets the conversation go on through this place, with these texts in turn. */
  fill: (filling: { through: number, texts: readonly string[] }) => { through: number }
  /** Takes up to so many steps of compaction; says what the dearest of them cost, and whether nothing is left to do. */
  catchUp: (steps: number) => Promise<Cost & { rests: boolean }>
  /** Goes on until something is due again: when context and compaction cost most. */
  untilDue: (filling: { texts: readonly string[] }) => { through: number }
  context: (times: number) => Cost
  /** One step, so many times: the summaries are put back after each. */
  compact: (times: number) => Promise<Cost>
}

/** What context and compaction cost, over real storage and a summariser that fills its page. */
export function createMemoryMeasurement(given: DurableObjectStorage): MemoryMeasurement {
  migrate(given)
  const { storage, read } = countRows(given)
  const { sql } = given
  const store = createStore({ storage, now: () => 0 })

  /** The summariser is busy from its second request on, so that it is one step. */
  async function step(): Promise<Cost> {
    const before = read()
    const summariser = summariserOf(() =>
      summariser.requests.length === 1 ? PAGE : { stop: 'error', failure: { kind: 'overloaded', message: 'Busy.', retryAt: null } },
    )
    await compact({ store, summariser, now: () => 0 })
    return { rows: read() - before, tokens: tokensOf(must(summariser.requests[0], 'a request')) }
  }

  function fill({ through, texts }: { through: number, texts: readonly string[] }): { through: number } {
    given.transactionSync(() => {
      for (let n = newestSequence(sql) + 1; n <= through; n++)
        say(sql, n, texts[n % texts.length] ?? '')
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
        restore(given, spans)
      }
      return must(costs[0], 'a step')
    },
  }
}

/** Only what the step changed, so that putting back takes the same time however many summaries there are. */
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

/** As much as is kept of a summary. */
const PAGE = keeping({
  decided: ['The retry waits twice as long each time, because the server refuses more than ten requests in a second.'],
  open: ['Who brings the notes of the release up to date, and whether that can wait until the new limit is known?'],
  facts: Array.from({ length: 40 }, (_, n) => `${n}: the staging cluster runs in Frankfurt, and its certificate ends on the first of March.`),
})

/** The person and Claude in turn, each reply answering what stood before it. */
function say(sql: SqlStorage, sequence: number, text: string): void {
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
