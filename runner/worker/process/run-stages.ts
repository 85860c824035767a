import type { AttemptResult } from '#shared/model/task-event.ts'
import type { StageInput, StageOutcome, WorkerSecrets } from '../../job/stage-protocol.ts'

export interface RunStagesDeps {
  folder: string
  spec: StageInput['spec']
  secrets: WorkerSecrets
  /** Runs one stage in a process of its own, and leaves nothing of it behind. */
  runStage: (input: StageInput) => Promise<StageOutcome>
}

/**
 * The attempt: checkout, agent, publish; or, when the agent was interrupted, keep what it had.
 * Only the outer two are given the git token, only the middle one the model's credential.
 */
export async function runStages({ folder, spec, secrets, runStage }: RunStagesDeps): Promise<AttemptResult> {
  const from = await runStage({ stage: 'checkout', folder, spec, git: secrets.checkout ?? secrets.git })
  if (from.outcome !== 'checked-out')
    return endOf(from, 'checkout')
  const work = await runStage({ stage: 'agent', folder, spec, model: secrets.model })
  if (work.outcome !== 'worked') {
    if (work.outcome !== 'planned' && spec.phase !== 'plan')
      await runStage({ stage: 'save-wip', folder, spec, git: secrets.git, from, modelSecrets: modelSecrets(secrets) })
    return endOf(work, 'agent')
  }
  return endOf(
    await runStage({ stage: 'publish', folder, spec, git: secrets.git, from, work, modelSecrets: modelSecrets(secrets) }),
    'publish',
  )
}

/** The agent saw it, so it may have written it down; it must not be published. */
function modelSecrets({ model }: WorkerSecrets): string[] {
  return [model.apiKey, model.oauthToken].filter(secret => secret !== null)
}

function endOf(outcome: StageOutcome, stage: StageInput['stage']): AttemptResult {
  if (outcome.outcome === 'checked-out' || outcome.outcome === 'worked' || outcome.outcome === 'saved')
    throw new Error(`stage ${stage} ended with "${outcome.outcome}"`)
  return outcome
}
