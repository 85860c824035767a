import type { ModelStatus } from '#shared/model/status.ts'
import type { Env } from '../env.ts'
import type { Model } from './model.ts'
import { createAnthropicModel } from './anthropic.ts'
import { createDemoModel } from './demo.ts'
import { retryWithoutFiles } from './retry-without-files.ts'

/** About the speed of a fast model, so that streaming is visible. ms per word. */
const DEMO_PACE_MS = 20

export interface ChosenModels {
  model: Model
  /** Writes the summaries; may be a smaller model. */
  summariser: { id: string, model: Model }
  status: ModelStatus
}

type ModelEnv = Pick<Env, 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL' | 'MODEL' | 'SUMMARY_MODEL'>

/** Claude when there is a key; else the demo model, whose replies say that they are a demo. */
export function chooseModel(env: ModelEnv): ChosenModels {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL, MODEL, SUMMARY_MODEL } = env
  if (!apiKey) {
    const model = createDemoModel({ sleep: () => scheduler.wait(DEMO_PACE_MS) })
    return { model, summariser: { id: 'demo', model }, status: { id: 'demo', demo: true } }
  }
  const claude = (model: string) => retryWithoutFiles(createAnthropicModel({ apiKey, baseURL, model, now: Date.now }))
  const summariserId = SUMMARY_MODEL || MODEL
  return {
    model: claude(MODEL),
    summariser: { id: summariserId, model: claude(summariserId) },
    status: { id: MODEL, demo: false },
  }
}
