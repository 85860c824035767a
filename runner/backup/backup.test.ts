import { execFile } from 'node:child_process'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { restoreBackup } from './restore-backup.ts'
import { newestBackup, newestBackupTime, takeBackup } from './take-backup.ts'
import { withVolumeLock } from './volume-lock.ts'
import { filesIn } from './volume.ts'

let root: string
let data: string
let to: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mainloop-backup-'))
  data = join(root, 'data')
  to = join(root, 'backups')
  await mkdir(join(data, 'objects/mainloop-Mainloop'), { recursive: true })
  await mkdir(join(data, 'files/ada'), { recursive: true })
  await writeFile(join(data, 'files/ada/picture'), 'a picture')
})
afterEach(() => rm(root, { recursive: true }))

const OBJECT = 'objects/mainloop-Mainloop/ada.sqlite'

/** An object as a running edge has it open, with `count` messages. */
function openObject({ epoch = 1, count = 0 } = {}): DatabaseSync {
  const database = new DatabaseSync(join(data, OBJECT))
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE rows (n INTEGER)')
  database.prepare('INSERT INTO meta VALUES (\'epoch\', ?)').run(String(epoch))
  const insert = database.prepare('INSERT INTO rows VALUES (?)')
  for (let n = 1; n <= count; n++) insert.run(n)
  return database
}

function countRows(folder = data): unknown {
  using database = new DatabaseSync(join(folder, OBJECT))
  return database.prepare('SELECT count(*) AS n FROM rows').get()?.n
}

const VALID = { version: 1, at: '2026-11-30T12:00:00Z', epoch: 1 }
let minute = 0
const now = () => new Date(Date.UTC(2026, 10, 30, 12, ++minute))
const take = (keep = 7) => takeBackup({ data, to, keep, now: now() })
const restore = (from: string) => restoreBackup({ from, data, now: now() })

test('a backup of a database in use holds what was committed, and restores it', async () => {
  using object = openObject({ count: 3 })
  const from = await take()
  object.exec('DELETE FROM rows')
  await writeFile(join(data, 'files/ada/picture'), 'another picture')
  object.close()

  const { epoch, before } = await restore(from)
  expect([epoch, countRows(), await readFile(join(data, 'files/ada/picture'), 'utf8')]).toEqual([2, 3, 'a picture'])
  expect(await readFile(join(data, 'epoch'), 'utf8')).toBe('2\n')
  expect([countRows(before ?? ''), await readFile(join(before ?? '', 'files/ada/picture'), 'utf8')]).toEqual([0, 'another picture'])
  expect((await readdir(data)).toSorted()).toEqual([before?.split('/').at(-1), 'epoch', 'files', 'lock', 'objects'])
})

test('a write is not refused while a backup is taken', async () => {
  using object = openObject({ count: 2000 })
  const insert = object.prepare('INSERT INTO rows VALUES (0)')
  let writes = 0
  const writing = setInterval(() => {
    insert.run()
    writes++
  }, 0)
  try {
    for (let n = 0; n < 5; n++) await take()
  }
  finally {
    clearInterval(writing)
  }
  expect(writes).toBeGreaterThan(5)
  expect(countRows()).toBe(2000 + writes)
})

test('what is stored under a passing name, and what SQLite keeps beside a database, is in no backup', async () => {
  using _object = openObject({ count: 1 })
  await writeFile(join(data, 'files/ada/.picture.new'), 'half a pic')
  await writeFile(join(data, 'objects/mainloop-Mainloop/metadata.sqlite'), '')
  expect(await filesIn(await take())).toEqual(['files/ada/picture', 'manifest.json', OBJECT, 'objects/mainloop-Mainloop/metadata.sqlite'])
})

test('a file that the edge cannot have written is left out and named, and the backup can be restored', async () => {
  openObject({ count: 1 }).close()
  for (const name of ['files/ada/a picture (1)', 'objects/mainloop-Mainloop/copy of ada.sqlite']) await writeFile(join(data, name), '')
  const said: string[] = []
  const from = await takeBackup({ data, to, keep: 7, now: now(), warn: sentence => void said.push(sentence) })
  expect(said).toEqual(['objects/mainloop-Mainloop/copy of ada.sqlite', 'files/ada/a picture (1)']
    .map(name => `${join(data, name)} is not in the backup: the edge cannot have written a file of this name.`))
  await restore(from)
  expect(await filesIn(join(data, 'files'))).toEqual(['ada/picture'])
})

test('more files are backed up than a process may have open', async () => {
  openObject().close()
  for (let n = 0; n < 300; n++) await writeFile(join(data, `files/ada/${n}`), '')
  const main = join(import.meta.dirname, '../main.ts')
  await promisify(execFile)('sh', ['-c', 'ulimit -n 150; exec "$@"', 'sh', process.execPath, main, 'backup', '--data', data, '--to', to])
  expect((await filesIn(await newestBackup(to))).length).toBe(303)
})

test('the epoch is higher than any that a device can have seen', async () => {
  openObject({ epoch: 3 }).close()
  const from = await take()
  expect((await restore(from)).epoch).toBe(4)
  // The volume is lost, and the same backup is restored to a new one.
  await rm(data, { recursive: true })
  expect((await restore(from)).epoch).toBe(5)
  // Somebody raised it by hand: an edge that was killed has it in the file beside the database.
  using object = new DatabaseSync(join(data, OBJECT))
  object.exec('UPDATE meta SET value = \'9\'')
  expect((await restore(from)).epoch).toBe(10)
})

const isRoot = process.geteuid?.() === 0
const NAMES = ['.', 'lock', 'epoch', 'files', 'objects', OBJECT]
const ownersOf = (names: string[]) => Promise.all(names.map(async name => (await stat(join(data, name))).uid))

test.runIf(isRoot)('root restores to a new volume, and all of it belongs to the edge', async () => {
  openObject().close()
  const from = await take()
  await rm(data, { recursive: true })
  await restore(from)
  expect(new Set(await ownersOf(NAMES))).toEqual(new Set([65532]))
})

test.runIf(isRoot)('root restores for the user of the edge, also where the volume itself is root\'s', async () => {
  openObject().close()
  await chown(join(data, 'objects'), 4711, 4711)
  const { before } = await restore(await take())
  expect(await ownersOf(NAMES)).toEqual([0, 4711, 4711, 4711, 4711, 4711])
  expect((await stat(before ?? '')).uid).toBe(4711)
})

test('an epoch above the highest is refused before anything is replaced', async () => {
  using object = openObject({ epoch: MAX_EPOCH })
  const from = await take()
  await expect(restore(from)).rejects.toThrow(`would be ${MAX_EPOCH + 1}, and it may not be above ${MAX_EPOCH}`)
  expect(await readdir(data)).not.toContain('epoch')
  object.prepare('UPDATE meta SET value = ?').run(String(MAX_EPOCH + 1))
  await expect(take()).rejects.toThrow(`is ${MAX_EPOCH + 1}, and it may not be above ${MAX_EPOCH}`)
})

test('another user than that of the edge takes no backup and restores none', async () => {
  openObject().close()
  const from = await take()
  const { uid } = await stat(data)
  const geteuid = vi.spyOn(process, 'geteuid').mockReturnValue(uid + 4711)
  try {
    await expect(take()).rejects.toThrow(`and this is user ${uid + 4711}. Run it as ${uid}:`)
    await expect(restore(from)).rejects.toThrow(`${data} belongs to user ${uid}:`)
  }
  finally {
    geteuid.mockRestore()
  }
  expect(await readdir(data)).not.toContain('epoch')
})

test('nothing is restored while an edge uses the volume', async () => {
  openObject({ count: 1 }).close()
  const from = await take()
  await withVolumeLock(data, async () => {
    await expect(restore(from)).rejects.toThrow(`An edge is using ${data}. Stop it first`)
  })
  expect((await restore(from)).epoch).toBe(2)
})

test.each([
  ['a changed file', (from: string) => writeFile(join(from, 'files/ada/picture'), 'a forgery'), 'is damaged: files/ada/picture has changed'],
  ['a database cut short', (from: string) => truncate(join(from, OBJECT), 4096), 'is damaged: objects/mainloop-Mainloop/ada.sqlite has changed'],
  ['a missing file', (from: string) => rm(join(from, 'files/ada/picture')), 'is not whole: files/ada/picture is missing'],
  ['a missing manifest', (from: string) => rm(join(from, 'manifest.json')), 'is no backup'],
  ['a manifest that is no JSON', (from: string) => writeFile(join(from, 'manifest.json'), '{'), 'cannot be read'],
  [
    'a manifest that leads elsewhere',
    (from: string) => writeFile(join(from, 'manifest.json'), JSON.stringify({ ...VALID, files: [{ path: 'files/../../x', sha256: '0'.repeat(64) }] })),
    'cannot be read',
  ],
])('%s is refused, and the data stays', async (_, damage, sentence) => {
  openObject({ count: 2 }).close()
  const from = await take()
  await damage(from)
  await expect(restore(from)).rejects.toThrow(sentence)
  expect(countRows()).toBe(2)
  expect(await readdir(data)).not.toContain('restoring')
})

test('a restore that was interrupted is repeated, and until then there is no backup', async () => {
  openObject({ count: 2 }).close()
  const from = await take()
  await writeFile(join(data, 'restoring'), '')
  await rm(join(data, 'files'), { recursive: true })
  await expect(take()).rejects.toThrow('Run "mainloop restore" again')
  await restore(from)
  expect(await readFile(join(data, 'files/ada/picture'), 'utf8')).toBe('a picture')
  expect(await readdir(data)).not.toContain('restoring')
})

test('the newest backups are kept, and what an interrupted one left is deleted', async () => {
  openObject().close()
  await mkdir(join(to, '.unfinished-2026-11-30T000000Z'), { recursive: true })
  await mkdir(join(to, 'notes'))
  expect(await newestBackupTime(to)).toBe(null)
  const [, second, third] = [await take(2), await take(2), await take(2)]
  expect((await readdir(to)).toSorted()).toEqual([second, third, join(to, 'notes')].map(path => path?.split('/').at(-1)))
  expect(await newestBackup(to)).toBe(third)
  expect(await newestBackupTime(to)).toEqual(new Date(Date.UTC(2026, 10, 30, 12, minute)))
})

test('a folder that is no volume is not backed up, and a folder without backups has no newest', async () => {
  await expect(takeBackup({ data: root, to, keep: 1, now: now() })).rejects.toThrow('is no volume of an edge')
  await expect(newestBackup(root)).rejects.toThrow('There is no backup in')
})
