import { createProcessExecutor } from '../../runner/executor/process/process-executor.ts'

/** Removes the unfinished Jobs of an ended runner, so that the next one starts them anew instead of finding crashes. */
export async function stopWorkers(work: string): Promise<void> {
  const executor = createProcessExecutor({ root: work, secrets: unused })
  const jobs = await executor.list()
  await Promise.all(jobs.filter(({ result }) => result === null).map(({ name }) => executor.remove(name)))
}

function unused(): never {
  throw new Error('stopping workers starts none')
}
