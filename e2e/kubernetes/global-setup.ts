import type { TestProject } from 'vitest/node'
import type { ClusterAccess } from './local-cluster.ts'
import { openCluster } from './open-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where no cluster can run; every test that needs one is then skipped. */
    cluster: ClusterAccess | null
  }
}

/** Starts one cluster for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster()
  project.provide('cluster', cluster.access)
  if (cluster.access !== null)
    return cluster.close
  console.warn(`\n*** SKIPPED: everything that needs a cluster. ${cluster.why} ***\n`)
  return async () => {}
}
