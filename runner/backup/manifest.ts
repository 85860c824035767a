import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { isErrno } from '../lib/is-errno.ts'
import { BackupError } from './backup-error.ts'

export const MANIFEST = 'manifest.json'

/** A path below one of the parts of a volume, which leads nowhere else. */
const path = z.string().max(1000).regex(/^(?:objects|files)(?:\/[\w-][\w.-]*)+$/)

/** Whether the edge can have written a file of this path, so that a manifest may have it. */
export function isPathOfEdge(text: string): boolean {
  return path.safeParse(text).success
}

/** The list of a backup's files. It is written last, so a backup without one is unfinished. */
const manifest = z.object({
  version: z.literal(1),
  at: z.iso.datetime(),
  /** The highest epoch that a device could have seen when the backup was taken. */
  epoch: z.number().int().min(1).max(MAX_EPOCH),
  files: z.array(z.object({ path, sha256: z.string().regex(/^[\da-f]{64}$/) })),
})
export type Manifest = z.infer<typeof manifest>

/** The text of a manifest; throws for one that could not be read again. */
export function manifestText(content: Manifest): string {
  return `${JSON.stringify(manifest.parse(content), null, 2)}\n`
}

export async function readManifest(folder: string): Promise<Manifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')))
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      throw new BackupError(`${folder} is no backup: it has no ${MANIFEST}.`)
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      throw new BackupError(`The ${MANIFEST} of ${folder} cannot be read, so this backup cannot be used.`)
    throw error
  }
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
