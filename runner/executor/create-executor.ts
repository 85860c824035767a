import type { Config } from '../config/config.ts'
import type { JobSpec } from '../job/job-spec.ts'
import type { WorkerSecrets } from '../job/stage-protocol.ts'
import type { Executor } from './executor.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { createProcessExecutor } from './process/process-executor.ts'

/** Creates the configured executor. The Kubernetes client is large, so only a runner that uses it imports it. */
export async function createExecutor(
  { executor, workDir }: Pick<Config, 'executor' | 'workDir'>,
  secrets: (spec: JobSpec) => Promise<WorkerSecrets>,
): Promise<Executor> {
  switch (executor.kind) {
    case 'process':
      return createProcessExecutor({ root: workDir, secrets })
    case 'kubernetes': {
      const [{ createCluster }, { createKubernetesExecutor }] = await Promise.all([
        import('./kubernetes/client.ts'),
        import('./kubernetes/kubernetes-executor.ts'),
      ])
      return createKubernetesExecutor({
        cluster: createCluster({ kubeconfig: executor.kubeconfig, namespace: executor.namespace }),
        worker: executor.worker,
        secrets,
      })
    }
    default:
      return unreachable(executor)
  }
}
