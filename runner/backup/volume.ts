import { chown, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { isErrno } from '../lib/is-errno.ts'
import { BackupError } from './backup-error.ts'

/** The parts of a volume of a self-hosted edge; `selfhost/start` uses the same names. */
export const PARTS = ['objects', 'files'] as const

/** A restore is in the middle of replacing the parts. While it exists no edge starts. */
export const RESTORING = 'restoring'

/** The epoch that a restore raised (decision 0008). */
export const EPOCH = 'epoch'

/** The user and group of the edge's image. */
const EDGE_USER = 65532

export interface Owner {
  uid: number
  gid: number
}

/** Makes the folder of a volume. Root makes a new one for the edge, which could not write to a folder of root. */
export async function makeVolume(data: string): Promise<void> {
  await mkdir(data, { recursive: true })
  const names = (await readdir(data)).filter(name => name !== 'lost+found')
  if (names.length === 0 && (await stat(data)).uid === 0)
    await giveTo({ uid: EDGE_USER, gid: EDGE_USER }, data)
}

/** The user of a volume's edge. Kubernetes may leave the folder itself to root, but never a file of the edge. */
export async function ownerOf(data: string): Promise<Owner> {
  return await stat(join(data, 'objects')).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT'))
      return stat(data)
    throw error
  })
}

/** Throws unless this is the user of the edge, or root. Another one would leave files that the edge cannot write. */
export async function assertUser(data: string): Promise<void> {
  const user = process.geteuid?.() ?? 0
  const { uid, gid } = await ownerOf(data)
  if (user !== 0 && user !== uid)
    throw new BackupError(`${data} belongs to user ${uid}:${gid}, and this is user ${user}. Run it as ${uid}:${gid}.`)
}

/** Only root writes for another user. */
export async function giveTo({ uid, gid }: Owner, path: string): Promise<void> {
  if (process.geteuid?.() === 0)
    await chown(path, uid, gid)
}

/** Paths of all files in a folder, from that folder; none when there is no folder. */
export async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted()
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return []
    throw error
  }
}

/** The whole number in a file; 0 when there is no file. */
export async function readNumber(file: string): Promise<number> {
  try {
    const text = (await readFile(file, 'utf8')).trim()
    if (!/^\d{1,9}$/.test(text))
      throw new Error(`${file} holds no whole number.`)
    return Number(text)
  }
  catch (error) {
    if (isErrno(error, 'ENOENT'))
      return 0
    throw error
  }
}

/** Replaces a file so that after a power cut it is the old one or the new one. */
export async function writeWhole(file: string, text: string, owner?: Owner): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.new`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  }
  finally {
    await handle.close()
  }
  if (owner !== undefined)
    await giveTo(owner, temporary)
  await rename(temporary, file)
  await sync(dirname(file))
}

/** Waits until a file, or the names in a folder, are on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  }
  finally {
    await handle.close()
  }
}
