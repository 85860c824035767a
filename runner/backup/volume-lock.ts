import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { BackupError } from './backup-error.ts'
import { giveTo, ownerOf } from './volume.ts'

/** An edge that was just stopped has ended by then. */
const WAIT_S = 5

/**
 * Runs something while no edge can start on the volume. Node has no flock, so a child holds
 * the lock: it ends with its standard input, and so also when this process is killed.
 */
export async function withVolumeLock<T>(data: string, run: () => Promise<T>): Promise<T> {
  const lock = join(data, 'lock')
  const holder = spawn('flock', ['--wait', String(WAIT_S), lock, 'sh', '-c', 'echo locked && exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'exit')
  const isLocked = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!isLocked)
    throw new BackupError(`An edge is using ${data}. Stop it first, and start it again after the restore.`)
  try {
    await giveTo(await ownerOf(data), lock)
    return await run()
  }
  finally {
    holder.stdin.end()
    await ended
  }
}
