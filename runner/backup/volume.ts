import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isErrno } from '../lib/is-errno.ts'

/** The parts of a volume of a self-hosted edge; `selfhost/start` uses the same names. */
export const PARTS = ['objects', 'files'] as const

/** A restore is in the middle of replacing the parts. While it exists no edge starts. */
export const RESTORING = 'restoring'

/** The epoch that a restore raised (decision 0008). */
export const EPOCH = 'epoch'

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
export async function writeWhole(file: string, text: string): Promise<void> {
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
