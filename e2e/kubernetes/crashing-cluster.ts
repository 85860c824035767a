import type { Cluster } from '../../runner/executor/kubernetes/cluster.ts'

/** The cluster for a runner that crashes right after its call number `calls`: the call takes effect, but its result is lost. */
export function crashingCluster(cluster: Cluster, calls: number): Cluster {
  let left = calls
  function crashing<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      if (left === 0)
        throw new Error('the runner had crashed before')
      left -= 1
      const answer = await call(...args)
      if (left === 0)
        throw new Error('the runner crashed')
      return answer
    }
  }
  return {
    ...cluster,
    createJob: crashing(cluster.createJob),
    getJob: crashing(cluster.getJob),
    listJobs: crashing(cluster.listJobs),
    patchJob: crashing(cluster.patchJob),
    deleteJob: crashing(cluster.deleteJob),
    createSecret: crashing(cluster.createSecret),
    listPods: crashing(cluster.listPods),
    podEvents: crashing(cluster.podEvents),
  }
}
