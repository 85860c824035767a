import type { Json } from '#shared/model/json.ts'
import type { Effect, ReadTx } from '#shared/mutators/tx.ts'
import type { ClientRecord, EdgeTx, Writes } from './store.ts'
import { MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { messageKey, messageSequence } from '#shared/model/message.ts'
import { Refused } from '#shared/model/refusal.ts'
import { fitsIn } from '../text/fits-in.ts'
import { findNonJson } from './find-non-json.ts'

interface OverlayDeps {
  rows: ReadTx
  now: number
  /** The sequence number of the newest committed message, deleted ones included. */
  lastMessage: () => number
}

/** The writes of one change over the committed rows. Nothing outside sees them until the store commits. */
export class Overlay implements EdgeTx {
  readonly now: number
  readonly #deps: OverlayDeps
  #writes = new Map<string, { value: Json, text: string } | undefined>()
  #effects: Effect[] = []
  #sideWrites: ((sql: SqlStorage) => void)[] = []
  #clients: ClientRecord[] = []
  #lastMessage: number | null = null

  constructor(deps: OverlayDeps) {
    this.#deps = deps
    this.now = deps.now
  }

  get writes(): Writes {
    return this.#writes
  }

  get effects(): readonly Effect[] {
    return this.#effects
  }

  get sideWrites(): readonly ((sql: SqlStorage) => void)[] {
    return this.#sideWrites
  }

  get clients(): readonly ClientRecord[] {
    return this.#clients
  }

  async get(key: string): Promise<Json | undefined> {
    return this.#writes.has(key) ? this.#writes.get(key)?.value : await this.#deps.rows.get(key)
  }

  async* scan(prefix: string): AsyncIterable<readonly [string, Json]> {
    const written = [...this.#writes.keys()].filter(key => key.startsWith(prefix)).sort()
    for await (const [key, value] of this.#deps.rows.scan(prefix)) {
      while (written[0] !== undefined && written[0] < key)
        yield* this.#written(written.shift())
      if (written[0] === key)
        yield* this.#written(written.shift())
      else
        yield [key, value]
    }
    for (const key of written)
      yield* this.#written(key)
  }

  async set(key: string, value: Json): Promise<void> {
    const problem = findNonJson(key) ?? findNonJson(value)
    if (problem !== null)
      throw new Refused('invalid', `This cannot be stored: ${problem}.`)
    const text = JSON.stringify(value)
    if (!fitsIn(text, MAX_VALUE_BYTES)) {
      throw new Refused(
        'too-large',
        `This is too large to store: the limit is ${MAX_VALUE_BYTES.toLocaleString('en')} bytes.`,
      )
    }
    this.#writes.set(key, { value, text })
  }

  async del(key: string): Promise<boolean> {
    const existed = await this.get(key) !== undefined
    // Only a committed row needs a tombstone.
    if (await this.#deps.rows.get(key) === undefined)
      this.#writes.delete(key)
    else
      this.#writes.set(key, undefined)
    return existed
  }

  async nextMessageKey(): Promise<string> {
    this.#lastMessage = (this.#lastMessage ?? this.#deps.lastMessage()) + 1
    return messageKey(this.#lastMessage)
  }

  emit(effect: Effect): void {
    this.#effects.push(effect)
  }

  sideWrite(write: (sql: SqlStorage) => void): void {
    this.#sideWrites.push(write)
  }

  acknowledge(client: ClientRecord): void {
    this.#clients.push(client)
  }

  discard(): void {
    this.#writes = new Map()
    this.#effects = []
    this.#sideWrites = []
    this.#clients = []
    this.#lastMessage = null
  }

  * #written(key: string | undefined): Iterable<readonly [string, Json]> {
    const write = key === undefined ? undefined : this.#writes.get(key)
    if (key !== undefined && write !== undefined)
      yield [key, write.value]
  }
}

/** The sequence number of the newest message; deleted ones count, so that no number is given twice. */
export function lastMessageSequence(sql: SqlStorage): number {
  const [row] = sql.exec<{ key: string }>(
    'SELECT key FROM rows WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1',
    messageKey(0),
    messageKey(999_999_999_999),
  )
  return row === undefined ? 0 : messageSequence(row.key) ?? 0
}
