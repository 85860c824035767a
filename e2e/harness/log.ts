import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Ignored by git; what a failed run leaves to look at. */
const OUTPUT = join(import.meta.dirname, '..', '.output')

export interface Log {
  /** Where this run's logs and pictures go. */
  folder: string
  /** A writer for one process. */
  of: (name: string) => (line: string) => void
  lines: (name: string) => readonly string[]
}

/** Keeps what the processes of one spec say, in memory for the specs and in files for people. */
export async function openLog(spec: string): Promise<Log> {
  const folder = join(OUTPUT, spec)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const kept = new Map<string, string[]>()
  return {
    folder,
    lines: name => kept.get(name) ?? [],
    of(name) {
      const lines = kept.get(name) ?? []
      kept.set(name, lines)
      const file = createWriteStream(join(folder, `${name}.log`))
      return (line) => {
        lines.push(line)
        file.write(`${line}\n`)
      }
    },
  }
}
