import type { AttemptResult } from '#shared/model/task-event.ts'
import type { InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
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
  /** Aborts when Kubernetes ends the pod. */
  signal: AbortSignal
  now: () => number
}

/** Runs one stage in a container. Resolves with the exit code; rejects if the stage fails or the pod must end. */
export const podStages = {
  async checkout({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, git] = await Promise.all([files.readSpec(), files.readGitAccess(), files.prepare()])
    const redact = createRedactor(withoutNull(git.token))
    const out = podOutput({ redact, now })
    const deadlineAt = now() + spec.deadlineSeconds * 1000
    const outcome = await inTime(deadlineAt, { log: out.log, signal, now }, tools =>
      checkout({ stage: 'checkout', folder: files.folder, spec, git }, tools))
    if (outcome.outcome === 'checked-out') {
      await files.writeCheckout({ from: outcome, deadlineAt })
      return 0
    }
    out.result(attemptResult.parse(redactDeep(outcome, redact)))
    return EXIT_WITH_RESULT
  },

  async agent({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, model, { deadlineAt }] = await Promise.all([
      files.readSpec(),
      files.readModelAccess(),
      files.readCheckout(),
      files.prepare(),
    ])
    const redact = createRedactor(withoutNull(model.apiKey, model.oauthToken))
    const { log } = podOutput({ redact, now })
    const outcome = await inTime(deadlineAt, { log, signal, now }, tools =>
      agent({ stage: 'agent', folder: files.folder, spec, model }, tools))
    // Any outcome goes to the publish stage: it checks a success against the files, and saves interrupted work.
    await files.writeAgentOutcome(await explainCrash(stageOutcome.parse(redactDeep(outcome, redact))))
    return 0
  },

  async publish({ files, signal, now }: PodStageDeps): Promise<number> {
    const [spec, git, model, { from }, work] = await Promise.all([
      files.readSpec(),
      files.readGitAccess(),
      files.readModelAccess(),
      files.readCheckout(),
      files.readAgentOutcome(),
      files.prepare(),
    ])
    const modelSecrets = withoutNull(model.apiKey, model.oauthToken)
    const redact = createRedactor([...withoutNull(git.token), ...modelSecrets])
    const out = podOutput({ redact, now })
    const input = { folder: files.folder, spec, git, from, modelSecrets }
    const end = await finish(work, input, { log: out.log, signal, now })
    out.result(attemptResult.parse(redactDeep(end, redact)))
    return 0
  },
}

/** Ends the attempt after the agent, whose commands can forge `work`: it may only claim what an agent can do. */
async function finish(
  work: StageOutcome,
  input: Omit<InputOf<'save-wip'>, 'stage'>,
  tools: StageTools,
): Promise<StageOutcome> {
  const deadlineAt = tools.now() + PUBLISH_TIMEOUT_MS
  switch (work.outcome) {
    case 'worked':
      return inTime(deadlineAt, tools, limited => publish({ stage: 'publish', work, ...input }, limited))
    case 'planned':
      return work
    case 'limited':
    case 'failed':
      if (input.spec.phase !== 'plan')
        await inTime(deadlineAt, tools, limited => saveWip({ stage: 'save-wip', ...input }, limited))
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

/** Publishing may start after the attempt's deadline. A push that takes longer hangs. */
const PUBLISH_TIMEOUT_MS = 5 * 60_000

/** Runs a stage and aborts it at the deadline. The attempt then fails, unless the stage still succeeds. */
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
    return late.signal.aborted && outcome.outcome === 'failed' ? deadlineFailure(outcome.usage) : outcome
  }
  catch (error) {
    if (!late.signal.aborted || signal.aborted)
      throw error
    return deadlineFailure(NO_USAGE)
  }
  finally {
    clearTimeout(timer)
  }
}

function deadlineFailure(usage: AttemptResult['usage']): StageOutcome {
  return { outcome: 'failed', kind: 'deadline', reason: 'The attempt took longer than it may and was stopped.', usage }
}

/** The kernel may kill Claude Code alone, which looks like a crash to this program. */
async function explainCrash(outcome: StageOutcome): Promise<StageOutcome> {
  return outcome.outcome === 'failed' && outcome.kind === 'crashed' && await ranOutOfMemory()
    ? { ...outcome, kind: 'out-of-memory', reason: 'The work needed more memory than a worker has, and was stopped.' }
    : outcome
}

function withoutNull(...secrets: (string | null)[]): string[] {
  return secrets.filter(secret => secret !== null)
}

/** The program of a container. It handles SIGTERM itself, which the kernel ignores for a container's first process. */
export async function podMain(stage: string): Promise<void> {
  const stop = new AbortController()
  process.on('SIGTERM', () => stop.abort(new Error('the pod was told to end')))
  process.exitCode = await podStages[stageName.parse(stage)]({ files: podFiles(), signal: stop.signal, now: Date.now })
}

const stageName = z.enum(['checkout', 'agent', 'publish'])
