import type { Json } from '#shared/model/json.ts'
import type { Message } from '#shared/model/message.ts'
import type { Files } from '../attachments/files.ts'
import { message, MESSAGE_PREFIX } from '#shared/model/message.ts'
import { note, NOTE_PREFIX } from '#shared/model/note.ts'
import { task, TASK_PREFIX } from '#shared/model/task.ts'
import { decodeValue } from '../store/rows.ts'

/** Rows read at once, so that a long life fits through a small memory. */
const PAGE_ROWS = 500

/** What is no data of the person's: what they are known by, what they come in with, and books about other tables. */
const INTERNAL = new Set([
  'tokens',
  'devices',
  'push_subscriptions',
  'deliveries',
  'outbox',
  'clients',
  'client_groups',
  'migrations',
  'horizons',
  'meta',
  'rows',
])

/** Everything, as one JSON document that is written while it is read. */
export async function* exportJson(sql: SqlStorage, files: Files): AsyncGenerator<string> {
  yield '{"rows":{'
  let first = true
  for (const { key, value } of storedRows(sql)) {
    yield `${first ? '' : ','}\n${JSON.stringify(key)}:${JSON.stringify(value)}`
    first = false
  }
  yield '\n}'
  for (const table of sideTables(sql)) {
    yield `,\n${JSON.stringify(table)}:[`
    for (const [n, row] of tableRows(sql, table))
      yield `${n > 0 ? ',' : ''}\n${JSON.stringify(row)}`
    yield '\n]'
  }
  // By their ids, as the messages name them; in base64.
  yield ',\n"files":{'
  first = true
  for await (const id of files.ids()) {
    const bytes = await files.read(id)
    if (bytes)
      yield `${first ? '' : ','}\n${JSON.stringify(id)}:"${bytes.toBase64()}"`
    first &&= bytes === null
  }
  yield '\n}}\n'
}

/** What a person reads: the conversation, the notes, the tasks. */
export function* exportMarkdown(sql: SqlStorage): Generator<string> {
  yield '# mainloop\n\n## Conversation\n'
  for (const { value } of storedRows(sql, MESSAGE_PREFIX)) {
    const read = message.safeParse(value)
    if (read.success)
      yield `\n### ${read.data.kind}, ${new Date(read.data.at).toISOString()}\n\n${words(read.data)}\n`
  }
  yield '\n## Notes\n'
  for (const { value } of storedRows(sql, NOTE_PREFIX)) {
    const read = note.safeParse(value)
    if (read.success)
      yield `\n- ${read.data.text.replaceAll('\n', '\n  ')}\n`
  }
  yield '\n## Tasks\n'
  for (const { value } of storedRows(sql, TASK_PREFIX)) {
    const read = task.safeParse(value)
    if (read.success)
      yield `\n### ${read.data.title}\n\n${read.data.repository}: ${read.data.state.status}\n\n${read.data.brief}\n`
  }
}

/** The files themselves are in the JSON. */
function words(said: Message): string {
  const names = said.kind === 'person' ? said.files?.map(({ file }) => `Attached: ${file.name}`) ?? [] : []
  return ['text' in said ? said.text : said.task, ...names].filter(Boolean).join('\n\n')
}

function* storedRows(sql: SqlStorage, prefix = ''): Generator<{ key: string, value: Json }> {
  let after = prefix
  for (;;) {
    const page = sql.exec<{ key: string, value: string }>(
      'SELECT key, value FROM rows WHERE key > ? AND key < ? AND value IS NOT NULL ORDER BY key LIMIT ?',
      after,
      `${prefix}\u{10FFFF}`,
      PAGE_ROWS,
    ).toArray()
    for (const { key, value } of page)
      yield { key, value: decodeValue(value) }
    const last = page.at(-1)
    if (!last)
      return
    after = last.key
  }
}

function* tableRows(sql: SqlStorage, table: string): Generator<[n: number, row: Record<string, SqlStorageValue>]> {
  let n = 0
  for (;;) {
    const page = sql.exec(`SELECT * FROM "${table}" LIMIT ? OFFSET ?`, PAGE_ROWS, n).toArray()
    for (const row of page)
      yield [n++, row]
    if (page.length === 0)
      return
  }
}

/** A table that somebody adds is exported without being asked for; an index is made of what is exported already. */
function sideTables(sql: SqlStorage): string[] {
  const tables = sql
    .exec<{ name: string }>('SELECT name FROM sqlite_master WHERE type = \'table\'')
    .toArray()
    .map(({ name }) => name)
  return tables.filter(name => !INTERNAL.has(name) && !/^(?:sqlite_|_cf_|search)/.test(name))
}
