import type { Executor, Job } from '../executor/executor.ts'
import type { Ledger } from '../gateway/ledger.ts'
import { messageOf } from '../lib/message-of.ts'
import { correctResult } from './correct-result.ts'

/** Lists all Jobs, ended ones with the gateway's usage and refusals; or the reason why the platform is unreachable. */
export async function observe({
  executor,
  ledger,
}: {
  executor: Executor
  ledger: Pick<Ledger, 'spent' | 'refusal'>
}): Promise<readonly Job[] | { unreachable: string }> {
  try {
    const jobs = await executor.list()
    return jobs.map(job =>
      job.result === null
        ? job
        : { ...job, result: correctResult(job.result, { spent: ledger.spent(job), refusal: ledger.refusal(job) }) },
    )
  }
  catch (error) {
    // By the port's contract a rejection means that the platform cannot be reached.
    return { unreachable: `Workers cannot be reached: ${messageOf(error)}`.slice(0, 1000) }
  }
}
