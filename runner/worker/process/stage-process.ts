import type { Buffer } from 'node:buffer'
import type { Log, StageInput, StageOutcome } from '../../job/stage-protocol.ts'
import type { LogFile } from '../output/log-file.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { workerEnv } from '../../job/clean-env.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { killProcessesOf } from '../../job/processes.ts'
import { stageLine } from '../../job/stage-protocol.ts'
import { WORKER_ENTRY } from '../../job/worker-entry.ts'
import { splitLines } from '../../lib/split-lines.ts'

/** Longer than Claude Code is given to say what a turn cost, see agent.ts. */
const STOP_GRACE_MS = 15_000

/** The longest line is an outcome with a plan. */
const MAX_LINE_BYTES = 4_000_000

/** What a broken stage says last. Characters. */
const MAX_STDERR_LENGTH = 1000

/**
 * Runs a stage in a process of its own, whose input only it can read, and afterwards kills whatever it left running.
 */
export async function runStageProcess(
  input: StageInput,
  { log, signal }: { log: LogFile, signal: AbortSignal },
): Promise<StageOutcome> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [WORKER_ENTRY, 'stage'], {
    cwd: input.folder,
    env: workerEnv(input.folder),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const stop = (): void => {
    child.kill('SIGTERM')
    killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  }
  let killTimer: NodeJS.Timeout | undefined
  signal.addEventListener('abort', stop, { once: true })

  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR_LENGTH)
  })
  child.stdin.on('error', () => {
    /* the stage ended before it read its input; its exit says so */
  })
  // Stays open: its end tells the stage that the worker is dead.
  child.stdin.write(`${JSON.stringify(input)}\n`)
  try {
    const [[code, killedBy], outcome] = await Promise.all([
      once(child, 'exit'),
      readOutcome(child.stdout, (kind, text) =>
        log.append(input.stage === 'save-wip' ? 'publish' : input.stage, kind, text)),
    ])
    return (
      outcome ?? {
        outcome: 'failed',
        kind: 'crashed',
        reason: `The ${input.stage} stage broke (${killedBy ?? `exit code ${code}`}). ${stderr}`.trim(),
        usage: NO_USAGE,
      }
    )
  }
  finally {
    clearTimeout(killTimer)
    signal.removeEventListener('abort', stop)
    await killProcessesOf(input.folder, { except: [process.pid] })
  }
}

async function readOutcome(output: AsyncIterable<Buffer>, log: Log): Promise<StageOutcome | null> {
  let outcome: StageOutcome | null = null
  const lines = splitLines(MAX_LINE_BYTES)
  for await (const bytes of output) {
    for (const text of lines.push(bytes)) {
      const line = stageLine.parse(JSON.parse(text))
      if (line.type === 'log')
        log(line.kind, line.text)
      else
        outcome = line.outcome
    }
  }
  return outcome
}
