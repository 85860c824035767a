import type { AttemptResult } from '#shared/model/task-event.ts'
import type { StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { PodFiles } from './pod-files.ts'
import process from 'node:process'
import * as z from 'zod'
import { unreachable } from '#shared/lib/unreachable.ts'
import { attemptResult } from '#shared/model/task-event.ts'
import { createRedactor } from '#shared/text/redact.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { EXIT_WITH_RESULT } from '../../job/pod-line.ts'
import { stageOutcome } from '../../job/stage-protocol.ts'
import { redactDeep } from '../output/redact-deep.ts'
import { agent } from '../stages/agent.ts'
import { checkout } from '../stages/checkout.ts'
import { publish } from '../stages/publish.ts'
import { saveWip } from '../stages/save-wip.ts'
import { ranOutOfMemory } from './out-of-memory.ts'
import { podFiles } from './pod-files.ts'
import { podOutput } from './pod-output.ts'

export interface PodStageDeps {
  files: PodFiles
  /** Aborts when the pod is told to end. */
  signal: AbortSignal
  now: () => number
}

/**
 * One stage as the whole of a container. Resolves with its exit code; rejects when the stage breaks or was told to end.
 */
export const podStages = {
  async checkout({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, git] = await Promise.all([files.spec(), files.git(), files.prepare()])
    const redact = createRedactor(known(git.token))
    const out = podOutput({ redact, now })
    const deadlineAt = now() + spec.deadlineSeconds * 1000
    const outcome = await inTime(deadlineAt, { log: out.log, signal, now }, tools =>
      checkout({ stage: 'checkout', folder: files.folder, spec, git }, tools))
    if (outcome.outcome === 'checked-out') {
      await files.leaveCheckout({ from: outcome, deadlineAt })
      return 0
    }
    out.result(attemptResult.parse(redactDeep(outcome, redact)))
    return EXIT_WITH_RESULT
  },

  async agent({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, model, { deadlineAt }] = await Promise.all([
      files.spec(),
      files.model(),
      files.checkout(),
      files.prepare(),
    ])
    const redact = createRedactor(known(model.apiKey, model.oauthToken))
    const { log } = podOutput({ redact, now })
    const outcome = await inTime(deadlineAt, { log, signal, now }, tools =>
      agent({ stage: 'agent', folder: files.folder, spec, model }, tools))
    // Not yet the end of the attempt, however it went: the next stage says what of it is true and keeps what there is.
    await files.leaveAgent(await explained(stageOutcome.parse(redactDeep(outcome, redact))))
    return 0
  },

  async publish({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, git, model, { from }, work] = await Promise.all([
      files.spec(),
      files.git(),
      files.model(),
      files.checkout(),
      files.agent(),
      files.prepare(),
    ])
    const redact = createRedactor(known(git.token, model.apiKey, model.oauthToken))
    const out = podOutput({ redact, now })
    const deadlineAt = now() + PUBLISH_DEADLINE_MS
    const end = await finish()
    out.result(attemptResult.parse(redactDeep(end, redact)))
    return 0

    // The agent could write here what it likes, so it says no more than it has a right to.
    async function finish(): Promise<StageOutcome> {
      switch (work.outcome) {
        case 'worked':
          return inTime(deadlineAt, { log: out.log, signal, now }, tools =>
            publish(
              {
                stage: 'publish',
                folder: files.folder,
                spec,
                git,
                from,
                work,
                modelSecrets: known(model.apiKey, model.oauthToken),
              },
              tools,
            ))
        case 'planned':
          return work
        case 'limited':
        case 'failed':
          if (spec.phase !== 'plan') {
            await inTime(deadlineAt, { log: out.log, signal, now }, tools =>
              saveWip(
                {
                  stage: 'save-wip',
                  folder: files.folder,
                  spec,
                  git,
                  from,
                  modelSecrets: known(model.apiKey, model.oauthToken),
                },
                tools,
              ))
          }
          return work
        case 'checked-out':
        case 'saved':
        case 'published':
        case 'unchanged':
          throw new Error(`the agent cannot say "${work.outcome}"`)
        default:
          return unreachable(work)
      }
    }
  },
}

/** The attempt's time is over when it begins; a push that takes longer than this hangs. */
const PUBLISH_DEADLINE_MS = 5 * 60_000

/**
 * Runs a stage and stops it when its time is over, which is then
 * how the attempt ended, unless it came to its own end in time.
 */
async function inTime(
  deadlineAt: number,
  { log, signal, now }: StageTools,
  run: (tools: StageTools) => Promise<StageOutcome>,
): Promise<StageOutcome> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('the attempt took too long')), Math.max(0, deadlineAt - now()))
  try {
    const outcome = await run({ log, signal: AbortSignal.any([signal, late.signal]), now })
    signal.throwIfAborted()
    return late.signal.aborted && outcome.outcome === 'failed' ? tooLate(outcome.usage) : outcome
  }
  catch (error) {
    if (!late.signal.aborted || signal.aborted)
      throw error
    return tooLate(NO_USAGE)
  }
  finally {
    clearTimeout(timer)
  }
}

function tooLate(usage: AttemptResult['usage']): StageOutcome {
  return { outcome: 'failed', kind: 'deadline', reason: 'The attempt took longer than it may and was stopped.', usage }
}

/** The kernel may kill Claude Code alone, and this program sees only that it is gone. */
async function explained(outcome: StageOutcome): Promise<StageOutcome> {
  return outcome.outcome === 'failed' && outcome.kind === 'crashed' && await ranOutOfMemory()
    ? { ...outcome, kind: 'out-of-memory', reason: 'The work needed more memory than a worker has, and was stopped.' }
    : outcome
}

function known(...secrets: (string | null)[]): string[] {
  return secrets.filter(secret => secret !== null)
}

/** What a container runs. Node as a container's first program ends on SIGTERM only because this says so. */
export async function podMain(stage: string): Promise<void> {
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new Error('the pod was told to end')))
  process.exitCode = await podStages[stageName.parse(stage)]({ files: podFiles(), signal: stop.signal, now: Date.now })
}

const stageName = z.enum(['checkout', 'agent', 'publish'])
