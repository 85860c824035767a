import type { AttemptResult } from '#shared/model/task-event.ts'
import type { FailureKind } from '#shared/model/task.ts'
import type { WorkerSecrets } from '../../job/stage-protocol.ts'
import { mkdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import { attemptResult } from '#shared/model/task-event.ts'
import { createRedactor } from '#shared/text/redact.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { jobSpec } from '../../job/job-spec.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { stageOutcome, workerSecrets } from '../../job/stage-protocol.ts'
import { READY } from '../../job/worker-program.ts'
import { registerWorker } from '../../job/worker-record.ts'
import { writeOnce } from '../../job/write-once.ts'
import { messageOf } from '../../lib/message-of.ts'
import { openLogFile } from '../output/log-file.ts'
import { redactDeep } from '../output/redact-deep.ts'
import { ignoreClosedOutput } from './ignore-closed-output.ts'
import { readInput } from './read-input.ts'
import { runStages } from './run-stages.ts'
import { runStageProcess } from './stage-process.ts'

/**
 * Runs the stages of a Job and writes its result. Does nothing if the Job has or had another worker.
 * The worker outlives its runner, so it reads the secrets from standard input and holds them in memory only.
 */
export async function runWorker(folder: string): Promise<void> {
  const paths = jobPaths(folder)
  const secrets = workerSecrets.parse(JSON.parse(await readInput(process.stdin).line))
  process.stdin.destroy()
  const spec = jobSpec.parse(JSON.parse(await readFile(paths.spec, 'utf8')))
  const stop = stopSignal(spec.deadlineSeconds)
  const isRegistered = await registerWorker(folder, stop.deadlineAt)
  ignoreClosedOutput()
  process.stdout.write(`${READY}\n`)
  if (!isRegistered)
    return stop.clear()

  const redact = createRedactor(secretsIn(secrets))
  const log = openLogFile({ path: paths.log, attempt: spec.attempt, redact, now: Date.now })
  let spent = NO_USAGE
  let result: AttemptResult
  try {
    await Promise.all([paths.home, paths.tmp].map(path => mkdir(path, { recursive: true })))
    result = await runStages({
      folder,
      spec,
      secrets,
      runStage: async (input) => {
        const signal = input.stage === 'save-wip' ? AbortSignal.timeout(SAVE_WIP_TIMEOUT_MS) : stop.signal
        // An outcome ends up in the commit and on devices, so it is redacted here.
        const outcome = stageOutcome.parse(redactDeep(await runStageProcess(input, { log, signal }), redact))
        spent = 'usage' in outcome ? outcome.usage : spent
        return outcome
      },
    })
  }
  catch (error) {
    result = {
      outcome: 'failed',
      kind: 'crashed',
      reason: `The worker broke: ${messageOf(error)}`,
      usage: spent,
    }
  }
  if (stop.signal.aborted && result.outcome === 'failed')
    result = { outcome: 'failed', ...stop.why(), usage: spent }
  result = attemptResult.parse(redactDeep(result, redact))
  if (result.outcome === 'failed')
    log.append('runner', 'error', result.reason)
  log.close()
  await writeOnce(paths.result, JSON.stringify(result))
  stop.clear()
}

/** Saving may start after the deadline, so it has a time limit of its own. */
const SAVE_WIP_TIMEOUT_MS = 120_000

/** Aborts at the deadline, and on SIGTERM and SIGINT. */
function stopSignal(deadlineSeconds: number) {
  const controller = new AbortController()
  let kind: FailureKind = 'deadline'
  const timer = setTimeout(() => controller.abort(), deadlineSeconds * 1000)
  const onTerminate = (): void => {
    kind = controller.signal.aborted ? kind : 'crashed'
    controller.abort()
  }
  process.on('SIGTERM', onTerminate)
  process.on('SIGINT', onTerminate)
  return {
    signal: controller.signal,
    deadlineAt: Date.now() + deadlineSeconds * 1000,
    why: () => kind === 'deadline'
      ? { kind, reason: `The attempt took longer than ${describeSeconds(deadlineSeconds)} and was stopped.` }
      : { kind, reason: 'The worker was stopped from outside before the attempt was done.' },
    clear: () => clearTimeout(timer),
  }
}

function describeSeconds(seconds: number): string {
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`
}

function secretsIn({ git, checkout, model }: WorkerSecrets): string[] {
  return [git.token, checkout?.token, model.apiKey, model.oauthToken].filter(secret => typeof secret === 'string')
}
