import type { Behaviour } from '../../runner/executor/executor-suite.ts'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { executorSuite } from '../../runner/executor/executor-suite.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { startBench } from './bench.ts'

const given = inject('cluster')

const BEHAVIOUR: Record<Behaviour, { repository: string, prompt: string }> = {
  'says hello': { repository: 'octo/hello', prompt: 'Plan it.' },
  'fails': { repository: 'octo/missing', prompt: 'Plan it.' },
  'hangs': { repository: 'octo/hello', prompt: 'Hang, please.' },
}

describe.skipIf(given === null)('on a real cluster', () => {
  let bench: Awaited<ReturnType<typeof startBench>>
  beforeAll(async () => {
    bench = await startBench(must(given, 'a cluster'))
  })
  afterAll(() => bench.close())

  executorSuite({
    patienceMs: 60_000,
    open: () => bench.open(),
    job: (behaviour, spec) => jobSpecOf({ phase: 'plan', ...BEHAVIOUR[behaviour], ...spec }),
    crash: name => bench.killAgent(name),
    leftovers: name => bench.leftovers(name),
  })
})
