import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

/** A folder that git ignores; people look into it after a failed run. */
const OUTPUT = join(import.meta.dirname, '..', '.output')

export interface Log {
  /** The folder of this run's logs and screenshots. */
  folder: string
  /** Makes a writer for the log of one process. */
  of: (name: string) => (line: string) => void
  lines: (name: string) => readonly string[]
}

/** Keeps the output of a spec's processes in memory for the spec, and in files for people. */
export async function openLog(spec: string): Promise<Log> {
  // The same spec may run on both homes at the same time.
  const folder = join(OUTPUT, process.env.MAINLOOP_TEST_HOME ?? '', spec)
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
