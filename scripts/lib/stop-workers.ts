import { createProcessExecutor } from '../../runner/executor/process/process-executor.ts'

/**
 * Stops the workers a runner left behind and takes their unfinished attempts back: the next runner begins them anew, and nobody takes
 * them for crashed. Needs no credentials.
 */
export async function stopWorkers(work: string): Promise<void> {
  const executor = createProcessExecutor({ root: work, secrets: unused })
  const jobs = await executor.list()
  await Promise.all(jobs.filter(({ result }) => result === null).map(({ name }) => executor.remove(name)))
}

function unused(): never {
  throw new Error('stopping workers starts none')
}
