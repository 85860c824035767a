import type { AttemptResult } from '#shared/model/task-event.ts'
import type { StageInput, StageOutcome, WorkerSecrets } from '../../job/stage-protocol.ts'

export interface RunStagesDeps {
  folder: string
  spec: StageInput['spec']
  secrets: WorkerSecrets
  /** Runs one stage in a process of its own, and kills all its processes afterwards. */
  runStage: (input: StageInput) => Promise<StageOutcome>
}

/**
 * Runs an attempt: checkout, agent and publish, or save-wip after an interrupted agent.
 * The agent has the model's credential and not the git token; the other stages have the git token.
 */
export async function runStages({ folder, spec, secrets, runStage }: RunStagesDeps): Promise<AttemptResult> {
  const from = await runStage({ stage: 'checkout', folder, spec, git: secrets.checkout ?? secrets.git })
  if (from.outcome !== 'checked-out')
    return endOf(from, 'checkout')
  const work = await runStage({ stage: 'agent', folder, spec, model: secrets.model })
  // The agent had these secrets, so it may have written them to files.
  const modelSecrets = [secrets.model.apiKey, secrets.model.oauthToken].filter(secret => secret !== null)
  const input = { folder, spec, git: secrets.git, from, modelSecrets }
  if (work.outcome === 'worked')
    return endOf(await runStage({ stage: 'publish', work, ...input }), 'publish')
  if (work.outcome !== 'planned' && spec.phase !== 'plan')
    await runStage({ stage: 'save-wip', ...input })
  return endOf(work, 'agent')
}

function endOf(outcome: StageOutcome, stage: StageInput['stage']): AttemptResult {
  if (outcome.outcome === 'checked-out' || outcome.outcome === 'worked' || outcome.outcome === 'saved')
    throw new Error(`stage ${stage} ended with "${outcome.outcome}"`)
  return outcome
}
