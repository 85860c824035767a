import { readFile } from 'node:fs/promises'
import { isErrno } from '../../lib/is-errno.ts'

/** The kernel counts its out-of-memory kills here: in control groups of version 2, and of version 1. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']

/** Whether the kernel killed a process of this container because memory ran out. */
export async function ranOutOfMemory(paths: readonly string[] = COUNTERS): Promise<boolean> {
  const texts = await Promise.all(paths.map(readIfThere))
  return texts.some(text => /^oom_kill [1-9]/m.test(text))
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'EACCES'))
      return ''
    throw error
  }
}
