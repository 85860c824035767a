import type { StageInput, StageLine, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import process from 'node:process'
import { unreachable } from '#shared/lib/unreachable.ts'
import { killProcessesOf } from '../../job/processes.ts'
import { stageInput } from '../../job/stage-protocol.ts'
import { agent } from '../stages/agent.ts'
import { checkout } from '../stages/checkout.ts'
import { publish } from '../stages/publish.ts'
import { saveWip } from '../stages/save-wip.ts'
import { ignoreClosedOutput } from './ignore-closed-output.ts'
import { readInput } from './read-input.ts'

/**
 * Runs one stage as a process. Its input is the first line of standard input; it prints `StageLine`s.
 * The end of standard input means that the worker is dead: the stage stops and kills all processes of the Job.
 */
export async function stageMain(): Promise<void> {
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new Error('the stage was stopped')))
  const { line, ended } = readInput(process.stdin)
  const input = stageInput.parse(JSON.parse(await line))

  let orphaned = false
  const orphan = (): void => {
    orphaned = true
    stop.abort(new Error('the worker is dead'))
  }
  ended.then(orphan, orphan)
  ignoreClosedOutput(orphan)
  try {
    const outcome = await runStage(input, {
      log: (kind, text) => print({ type: 'log', kind, text }),
      signal: stop.signal,
      now: Date.now,
    })
    print({ type: 'outcome', outcome })
  }
  finally {
    if (orphaned)
      await killProcessesOf(input.folder, { except: [process.pid] })
    process.stdin.destroy()
  }
}

function runStage(input: StageInput, tools: StageTools): Promise<StageOutcome> {
  switch (input.stage) {
    case 'checkout': return checkout(input, tools)
    case 'agent': return agent(input, tools)
    case 'publish': return publish(input, tools)
    case 'save-wip': return saveWip(input, tools)
    default: return unreachable(input)
  }
}

function print(line: StageLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
