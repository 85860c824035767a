import type { Manifest } from './manifest.ts'
import type { Owner } from './volume.ts'
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { isErrno } from '../lib/is-errno.ts'
import { BackupError } from './backup-error.ts'
import { checkCopy, epochOfCopy, epochOfStopped } from './databases.ts'
import { hashOf, readManifest } from './manifest.ts'
import { withVolumeLock } from './volume-lock.ts'
import {
  assertUser,
  EPOCH,
  filesIn,
  giveTo,
  makeVolume,
  ownerOf,
  PARTS,
  readNumber,
  RESTORING,
  sync,
  writeWhole,
} from './volume.ts'

export interface RestoreOptions {
  /** The folder of one backup. */
  from: string
  /** The volume of a stopped edge; it may be new and empty. */
  data: string
  now: Date
}

export interface Restored {
  epoch: number
  /** When the backup was taken. */
  at: string
  /** The folder that now holds the replaced data; null when there was none. */
  before: string | null
}

/**
 * Replaces the data of a stopped edge with that of a backup. Until everything was copied and checked nothing is
 * replaced; a restore that is interrupted after that keeps the edge from starting until it is repeated.
 */
export async function restoreBackup({ from, data, now }: RestoreOptions): Promise<Restored> {
  const manifest = await readManifest(from)
  await makeVolume(data)
  await assertUser(data)
  const owner = await ownerOf(data)
  return await withVolumeLock(data, async () => {
    const staged = join(data, '.restored')
    await rm(staged, { recursive: true, force: true })
    const epochs = await stage(manifest, { from, to: staged, owner })
    const epoch = await raiseEpoch({ from, data, owner, known: [manifest.epoch, ...epochs, ...await epochsIn(data)] })
    await writeFile(join(data, RESTORING), '')
    await sync(data)
    const old = join(data, `before-${now.toISOString().replaceAll(':', '')}`)
    const before = await replaceParts({ staged, data, old })
    if (before !== null)
      await giveTo(owner, before)
    await rm(staged, { recursive: true })
    await rm(join(data, RESTORING))
    await sync(data)
    return { epoch, at: manifest.at, before }
  })
}

interface Staging {
  from: string
  to: string
  owner: Owner
}

/** Copies the backup to the volume's own disk, and checks it there. Answers the epochs of its objects. */
async function stage({ files }: Manifest, { from, to, owner }: Staging): Promise<number[]> {
  const epochs: number[] = []
  for (const part of PARTS)
    await mkdir(join(to, part), { recursive: true })
  for (const { path, sha256 } of files) {
    const target = join(to, path)
    await mkdir(dirname(target), { recursive: true })
    try {
      await copyFile(join(from, path), target)
    }
    catch (error) {
      if (isErrno(error, 'ENOENT'))
        throw new BackupError(`The backup ${from} is not whole: ${path} is missing.`)
      throw error
    }
    if (await hashOf(target) !== sha256)
      throw new BackupError(`The backup ${from} is damaged: ${path} has changed since it was taken.`)
    if (path.endsWith('.sqlite')) {
      checkCopy(target)
      epochs.push(epochOfCopy(target))
    }
    await sync(target)
  }
  for (const name of new Set([...PARTS, ...files.map(({ path }) => path)].flatMap(withParents)))
    await giveTo(owner, join(to, name))
  return epochs
}

function withParents(path: string): string[] {
  return path.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'))
}

/** The epochs of the objects that will be replaced: devices have seen them. A damaged one is why there is a restore. */
async function epochsIn(data: string): Promise<number[]> {
  const objects = (await filesIn(join(data, 'objects'))).filter(name => name.endsWith('.sqlite'))
  return objects.map((name) => {
    try {
      return epochOfStopped(join(data, 'objects', name))
    }
    catch {
      return 1
    }
  })
}

interface Raising {
  from: string
  data: string
  owner: Owner
  /** The epochs of the backup and of the replaced objects. */
  known: number[]
}

/**
 * An epoch that no device has seen. The folder of the backups remembers it too: when the volume is lost
 * and the same backup is restored once more, the epoch of the first time must not come again.
 */
async function raiseEpoch({ from, data, owner, known }: Raising): Promise<number> {
  const files = [join(dirname(from), EPOCH), join(data, EPOCH)]
  const written = await Promise.all(files.map(readNumber))
  const configured = Number(/^\d{1,9}$/.exec(process.env.EPOCH ?? '')?.[0] ?? 1)
  const epoch = Math.max(configured, ...known, ...written) + 1
  if (epoch > MAX_EPOCH)
    throw new BackupError(`The epoch of the restored data would be ${epoch}, and it may not be above ${MAX_EPOCH}.`)
  for (const file of files)
    await writeWhole(file, `${epoch}\n`, owner)
  return epoch
}

/** Answers where the old parts are now; null when there were none. */
async function replaceParts({ staged, data, old }: Record<'staged' | 'data' | 'old', string>): Promise<string | null> {
  let before: string | null = null
  for (const part of PARTS) {
    await mkdir(old, { recursive: true })
    try {
      await rename(join(data, part), join(old, part))
      before = old
    }
    catch (error) {
      if (!isErrno(error, 'ENOENT'))
        throw error
    }
    await rename(join(staged, part), join(data, part))
  }
  if (before === null)
    await rm(old, { recursive: true })
  return before
}
