import { appendFile, writeFile } from 'node:fs/promises'

/** Characters. The limit keeps a step that prints for ever from filling the disk. */
const MAX_LOG_LENGTH = 4_000_000

/** A job's log in Actions' own format: each line begins with a time, and `##[…]` marks lines that are not plain output. */
export interface JobLog {
  line: (text: string) => void
  group: (title: string, lines: readonly string[]) => void
  error: (text: string) => void
  /** Resolves when all lines are in the file. */
  written: () => Promise<void>
}

export function openLog(file: string, now: () => Date): JobLog {
  let length = 0
  let last = writeFile(file, '')

  function line(text: string) {
    if (length > MAX_LOG_LENGTH)
      return
    const isLast = length + text.length > MAX_LOG_LENGTH
    const entry = `${timestamp(now())} ${isLast ? '##[warning]The log is cut here: it is too long.' : text}\n`
    length += entry.length
    last = last.then(() => appendFile(file, entry))
  }

  return {
    line: text => line(workflowCommand(text)),
    group(title, lines) {
      line(`##[group]${title}`)
      lines.forEach(line)
      line('##[endgroup]')
    },
    error: text => line(`##[error]${text}`),
    written: () => last,
  }
}

/** Actions prints seven decimals of a second. */
function timestamp(time: Date): string {
  return time.toISOString().replace('Z', '0000Z')
}

/** `::error file=a.js,line=1::Oh no` is printed as `##[error]Oh no`. */
function workflowCommand(text: string): string {
  const command = /^::(debug|notice|warning|error|group|endgroup)(?: [^:]*)?::(.*)$/.exec(text)
  return command ? `##[${command[1]}]${command[2]}` : text
}
