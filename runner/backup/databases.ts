import { backup, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { BackupError } from './backup-error.ts'

/** All pages in one step: a copy in several steps begins again whenever the edge writes in between. */
const ALL_PAGES = 2 ** 31 - 1

/** Longer than a commit or a checkpoint of the edge takes. Milliseconds. */
const BUSY_MS = 30_000

const epochRow = z.object({ value: z.string().regex(/^\d{1,9}$/) })

/** Copies a database that the edge is using, as it is at one moment. Takes read locks only, so no write is refused. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  using database = new DatabaseSync(from, { readOnly: true, timeout: BUSY_MS })
  await backup(database, to, { rate: ALL_PAGES })
}

/** Throws when the copy of a database is damaged. */
export function checkCopy(file: string): void {
  using database = openCopy(file)
  const row = z.object({ quick_check: z.string() }).parse(database.prepare('PRAGMA quick_check(1)').get())
  if (row.quick_check !== 'ok')
    throw new BackupError(`The database ${file} is damaged: ${row.quick_check}`)
}

/** The epoch of an object in a copy; 1 for one that has none. */
export function epochOfCopy(file: string): number {
  using database = openCopy(file)
  return readEpoch(database)
}

/** The same of a stopped edge's database, whose newest commits may be in the file beside it. */
export function epochOfStopped(file: string): number {
  using database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
  return readEpoch(database)
}

function readEpoch(database: DatabaseSync): number {
  const hasMeta = database.prepare('SELECT 1 FROM sqlite_master WHERE name = \'meta\'').get() !== undefined
  const row = hasMeta ? database.prepare('SELECT value FROM meta WHERE key = \'epoch\'').get() : undefined
  return row === undefined ? 1 : Number(epochRow.parse(row).value)
}

/** Nobody writes to a copy, and it gets no files beside it. */
function openCopy(file: string): DatabaseSync {
  const address = pathToFileURL(file)
  address.searchParams.set('immutable', '1')
  return new DatabaseSync(address, { readOnly: true })
}
