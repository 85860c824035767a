import type { Config } from '../config/config.ts'
import type { Check } from './check.ts'
import { check } from './check.ts'

/** Checks whether the runner has the rights of its Role in the workers' namespace. */
export async function checkCluster(executor: Config['executor']): Promise<Check[]> {
  if (executor.kind !== 'kubernetes')
    return []
  const { missingRights } = await import('../executor/kubernetes/rights.ts')
  return [await check('cluster', async () => {
    const missing = await missingRights(executor)
    if (missing.length > 0) {
      throw new Error(`The runner may not ${missing.join(', ')} in ${executor.namespace}. `
        + 'Apply k8s/base, or bind the Role mainloop-runner to who it is there.')
    }
    return `it may do all it must in ${executor.namespace}`
  })]
}
