import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node'
import type { ClusterJob, ClusterPod, ContainerState } from './cluster.ts'
import { must } from '#shared/lib/must.ts'
import { LABEL } from './labels.ts'

export function toClusterJob({ metadata, spec, status }: V1Job): ClusterJob {
  const failed = conditionOf(status?.conditions, 'Failed')
  const deadline = spec?.activeDeadlineSeconds
  return {
    name: must(metadata?.name, 'a Job\'s name'),
    uid: must(metadata?.uid, 'a Job\'s uid'),
    version: must(metadata?.resourceVersion, 'a Job\'s version'),
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    started: (spec?.parallelism ?? 0) > 0,
    deleting: metadata?.deletionTimestamp !== undefined,
    deadlineAt: status?.startTime && deadline !== undefined ? status.startTime.getTime() + deadline * 1000 : null,
    end: failed
      ? { reason: failed.reason ?? '', message: failed.message ?? '' }
      : conditionOf(status?.conditions, 'Complete') ? 'complete' : null,
  }
}

export function toClusterPod({ metadata, status }: V1Pod): ClusterPod {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  const disruption = conditionOf(status?.conditions, 'DisruptionTarget')
  return {
    name: must(metadata?.name, 'a pod\'s name'),
    uid: must(metadata?.uid, 'a pod\'s uid'),
    job: metadata?.labels?.[LABEL.job] ?? '',
    jobUid: metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid ?? '',
    createdAt: metadata?.creationTimestamp?.getTime() ?? 0,
    phase: status?.phase ?? '',
    reason: status?.reason ?? '',
    message: status?.message ?? '',
    deletedAt: metadata?.deletionTimestamp?.getTime() ?? null,
    unschedulable:
      scheduled?.status === 'False' && scheduled.reason === 'Unschedulable'
        ? (scheduled.message ?? 'it did not say why')
        : null,
    disruption: disruption ? { reason: disruption.reason ?? '', message: disruption.message ?? '' } : null,
    containers: new Map([
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ].map(container => [container.name, stateOf(container)])),
  }
}

function stateOf({ state }: V1ContainerStatus): ContainerState {
  if (state?.terminated) {
    return {
      kind: 'ended',
      code: state.terminated.exitCode,
      reason: state.terminated.reason ?? '',
      message: state.terminated.message ?? '',
    }
  }
  if (state?.running)
    return { kind: 'running' }
  return { kind: 'waiting', reason: state?.waiting?.reason ?? '', message: state?.waiting?.message ?? '' }
}

function conditionOf<C extends { type: string, status: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find(condition => condition.type === type && condition.status === 'True')
}
