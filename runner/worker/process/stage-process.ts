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
import { WORKER_PROGRAM } from '../../job/worker-program.ts'
import { splitLines } from '../../lib/split-lines.ts'

/** Longer than `INTERRUPT_GRACE_MS` of the agent stage, in which Claude Code reports its cost. */
const STOP_GRACE_MS = 15_000

/** Well above the longest line, an outcome with a plan. */
const MAX_LINE_BYTES = 4_000_000

/** The end of a crashed stage's standard error is enough for the reason. Characters. */
const MAX_STDERR_LENGTH = 1000

/** Runs a stage in a process of its own and kills all processes that it leaves behind. */
export async function runStageProcess(
  input: StageInput,
  { log, signal }: { log: LogFile, signal: AbortSignal },
): Promise<StageOutcome> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [WORKER_PROGRAM, 'stage'], {
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
  // A stage that exits before it reads its input closes the pipe; its exit code is reported below.
  child.stdin.on('error', () => {})
  // The pipe stays open, because its end tells the stage that the worker is dead.
  child.stdin.write(`${JSON.stringify(input)}\n`)
  const logStage = input.stage === 'save-wip' ? 'publish' : input.stage
  try {
    const [[code, killedBy], outcome] = await Promise.all([
      once(child, 'exit'),
      readOutcome(child.stdout, (kind, text) => log.append(logStage, kind, text)),
    ])
    return outcome ?? {
      outcome: 'failed',
      kind: 'crashed',
      reason: `The ${input.stage} stage broke (${killedBy ?? `exit code ${code}`}). ${stderr}`.trim(),
      usage: NO_USAGE,
    }
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
