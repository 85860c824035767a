import type { JobSpec } from '../../job/job-spec.ts'
import type { Behaviour } from './executor-suite.ts'
import type { InMemoryWorker } from './in-memory-executor.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { executorSuite } from './executor-suite.ts'
import { createInMemoryExecutor } from './in-memory-executor.ts'

const executor = createInMemoryExecutor(behave)

function behave({ prompt }: JobSpec, worker: InMemoryWorker): void {
  if (prompt === 'fails')
    return worker.end({ outcome: 'failed', kind: 'repository-not-found', reason: 'There is no such repository.', usage: NO_USAGE })
  for (const text of ['begin', 'hello', 'work'].slice(0, prompt === 'hangs' ? 2 : 3))
    worker.log(text)
  if (prompt === 'says hello')
    worker.end({ outcome: 'planned', plan: 'Greet.', questions: [], usage: NO_USAGE })
}

executorSuite({
  open: () => executor,
  job: (behaviour: Behaviour, fields = {}) => jobSpecOf({ phase: 'plan', prompt: behaviour, ...fields }),
  crash: async name => executor.end(name, { outcome: 'failed', kind: 'crashed', reason: 'It was killed.', usage: NO_USAGE }),
  leftovers: async name => executor.jobs().filter(job => job.name === name).map(job => job.name),
})
