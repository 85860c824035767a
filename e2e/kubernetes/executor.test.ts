import type { Behaviour } from '../../runner/executor/testing/executor-suite.ts'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { executorSuite } from '../../runner/executor/testing/executor-suite.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { startClusterHarness } from './cluster-harness.ts'

const access = inject('cluster')

const BEHAVIOUR: Record<Behaviour, { repository: string, prompt: string }> = {
  'says hello': { repository: 'octo/hello', prompt: 'Plan it.' },
  'fails': { repository: 'octo/missing', prompt: 'Plan it.' },
  'hangs': { repository: 'octo/hello', prompt: 'Hang, please.' },
}

describe.skipIf(access === null)('on a real cluster', () => {
  let harness: Awaited<ReturnType<typeof startClusterHarness>>
  beforeAll(async () => {
    harness = await startClusterHarness(must(access, 'a cluster'))
  })
  afterAll(() => harness.close())

  executorSuite({
    open: () => harness.open(),
    job: (behaviour, spec) => jobSpecOf({ phase: 'plan', ...BEHAVIOUR[behaviour], ...spec }),
    crash: name => harness.killAgent(name),
    leftovers: name => harness.leftovers(name),
  })
})
