import { randomUUID } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'
import { isErrno } from '../lib/is-errno.ts'

/** Writes a file atomically; the first writer wins. False if the file exists already. */
export async function writeOnce(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, text, { mode: 0o600 })
    await link(draft, path)
    return true
  }
  catch (error) {
    if (isErrno(error, 'EEXIST'))
      return false
    throw error
  }
  finally {
    await rm(draft, { force: true })
  }
}
