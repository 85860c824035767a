import type { Manifest } from './manifest.ts'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { isErrno } from '../lib/is-errno.ts'
import { BackupError } from './backup-error.ts'
import { checkCopy, copyDatabase, epochOfCopy } from './databases.ts'
import { hashOf, isPathOfEdge, MANIFEST, manifestText } from './manifest.ts'
import { assertUser, EPOCH, filesIn, readNumber, RESTORING, sync, writeWhole } from './volume.ts'

export interface BackupOptions {
  /** The volume; an edge may be using it. */
  data: string
  /** The folder of all backups. */
  to: string
  /** Older backups than so many are deleted. */
  keep: number
  now: Date
  /** Hears of what is in the volume and not in the backup. */
  warn?: (sentence: string) => void
}

/** Names of backups sort by their time. */
const NAME = /^\d{4}-\d\d-\d\dT\d{6}Z$/
const UNFINISHED = '.unfinished-'

/** Takes a backup of a running edge, and answers its folder. A backup that was interrupted has no such name. */
export async function takeBackup({ data, to, keep, now, warn }: BackupOptions): Promise<string> {
  await assertVolume(data)
  await assertUser(data)
  const name = `${now.toISOString().slice(0, 19).replaceAll(':', '')}Z`
  const unfinished = join(to, UNFINISHED + name)
  await mkdir(to, { recursive: true })
  for (const left of await readdir(to)) {
    if (left.startsWith(UNFINISHED))
      await rm(join(to, left), { recursive: true })
  }

  // Objects come first: a file that one of them names was stored before, and is still there unless it was deleted.
  const objects = await copyAll({ data, to: unfinished, part: 'objects', copy: copyDatabase, warn })
  const files = await copyAll({ data, to: unfinished, part: 'files', copy: copyFile, warn })
  await assertVolume(data)
  objects.forEach(path => checkCopy(join(unfinished, path)))
  const epochs = objects.map(path => epochOfCopy(join(unfinished, path)))
  const epoch = Math.max(1, await readNumber(join(data, EPOCH)), ...epochs)
  if (epoch > MAX_EPOCH)
    throw new BackupError(`The epoch of ${data} is ${epoch}, and it may not be above ${MAX_EPOCH}.`)
  const manifest: Manifest = {
    version: 1,
    at: now.toISOString(),
    epoch,
    files: await hashAll(unfinished, [...objects, ...files]),
  }
  await writeWhole(join(unfinished, MANIFEST), manifestText(manifest))
  await rename(unfinished, join(to, name))
  await sync(to)
  await removeOld(to, keep)
  return join(to, name)
}

/** One file after the other: a process may have few files open. */
async function hashAll(folder: string, paths: string[]): Promise<Manifest['files']> {
  const files: Manifest['files'] = []
  for (const path of paths) {
    await sync(join(folder, path))
    files.push({ path, sha256: await hashOf(join(folder, path)) })
  }
  return files
}

/** When the newest backup was taken; null when there is none. Taking one says why the folder cannot be read. */
export async function newestBackupTime(to: string): Promise<Date | null> {
  const name = (await backupsIn(to).catch(() => [])).at(-1)
  return name === undefined ? null : new Date(name.replace(/(\d\d)(\d\d)(\d\d)Z$/, '$1:$2:$3Z'))
}

/** The folder of the newest backup. */
export async function newestBackup(to: string): Promise<string> {
  const newest = (await backupsIn(to)).at(-1)
  if (newest === undefined)
    throw new BackupError(`There is no backup in ${to}.`)
  return join(to, newest)
}

interface Copying {
  data: string
  to: string
  part: 'objects' | 'files'
  copy: (from: string, to: string) => Promise<void>
  warn: BackupOptions['warn']
}

/** Copies what a part holds, and answers the paths. What is deleted meanwhile is left out. */
async function copyAll({ data, to, part, copy, warn }: Copying): Promise<string[]> {
  await mkdir(join(to, part), { recursive: true })
  const isWanted = part === 'files' ? isStored : isDatabase
  const names = (await filesIn(join(data, part))).filter(isWanted)
  const copied: string[] = []
  // Alarms come after the objects that set them: one too many rings for nothing, and one too few would be missed.
  for (const name of names.toSorted((a, b) => Number(isAlarms(a)) - Number(isAlarms(b)))) {
    const path = `${part}/${name}`
    if (!isPathOfEdge(path)) {
      warn?.(`${join(data, path)} is not in the backup: the edge cannot have written a file of this name.`)
      continue
    }
    await mkdir(dirname(join(to, path)), { recursive: true })
    try {
      // SQLite does not say which error of the system it met.
      await stat(join(data, path))
      await copy(join(data, path), join(to, path))
      copied.push(path)
    }
    catch (error) {
      if (!isErrno(error, 'ENOENT') && await exists(join(data, path)))
        throw error
    }
  }
  return copied
}

/** workerd writes a file under a name with a dot first. */
function isStored(name: string): boolean {
  return !name.split('/').some(part => part.startsWith('.'))
}

/** Not the files that SQLite keeps beside it: a copy has none. */
function isDatabase(name: string): boolean {
  return name.endsWith('.sqlite')
}

function isAlarms(name: string): boolean {
  return name.endsWith('metadata.sqlite')
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false)
}

async function assertVolume(data: string): Promise<void> {
  if (!await exists(join(data, 'objects')))
    throw new BackupError(`${data} is no volume of an edge: it has no folder objects.`)
  if (await exists(join(data, RESTORING)))
    throw new BackupError(`A restore of ${data} is under way or was interrupted. Run "mainloop restore" again.`)
}

async function backupsIn(to: string): Promise<string[]> {
  return (await readdir(to)).filter(name => NAME.test(name)).toSorted()
}

async function removeOld(to: string, keep: number): Promise<void> {
  for (const name of (await backupsIn(to)).slice(0, -keep))
    await rm(join(to, name), { recursive: true })
}
