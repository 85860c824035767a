import type { Cluster } from '../../runner/executor/kubernetes/cluster.ts'

/** The cluster as a runner sees it that dies right after its `calls`th call: the call is done, and its answer reaches nobody. */
export function crashingCluster(cluster: Cluster, calls: number): Cluster {
  let left = calls
  function mortal<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      if (left === 0)
        throw new Error('the runner is dead')
      left -= 1
      const answer = await call(...args)
      if (left === 0)
        throw new Error('the runner has died')
      return answer
    }
  }
  return {
    ...cluster,
    createJob: mortal(cluster.createJob),
    getJob: mortal(cluster.getJob),
    listJobs: mortal(cluster.listJobs),
    patchJob: mortal(cluster.patchJob),
    deleteJob: mortal(cluster.deleteJob),
    createSecret: mortal(cluster.createSecret),
    listPods: mortal(cluster.listPods),
    podEvents: mortal(cluster.podEvents),
  }
}
