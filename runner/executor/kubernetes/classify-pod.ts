import type { FailureKind } from '#shared/model/task.ts'
import type { ClusterJob, ClusterPod, ContainerState } from './cluster.ts'
import { EXIT_WITH_RESULT } from '../../job/pod-line.ts'
import { STAGES } from './job-manifest.ts'

interface Failure { kind: FailureKind, reason: string }

/** Failures whose cause may pass by itself. Each has a grace period in `result-finder.ts`. */
export type StuckKind = Extract<FailureKind, 'image' | 'unschedulable' | 'crashed'>

/** The state of an attempt as its Job and pod show it. */
export type PodClass
  = | { is: 'running' }
    /** The pod cannot go on now, but the obstacle may pass. */
    | { is: 'stuck', kind: StuckKind, reason: string }
    /** The stage ended by itself, and the last line of its log is the result. */
    | { is: 'reported', pod: string, stage: 'checkout' | 'publish' }
    | ({ is: 'ended' } & Failure)
    /** Somebody else deletes the pod; its events show who. */
    | { is: 'deleted', pod: ClusterPod }

/**
 * Classifies an attempt by its Job and its first pod, because a later pod is a replacement for a first one that
 * somebody removed. Not called for a Job that was stopped or has its result.
 */
export function classifyPod(job: ClusterJob, pod: ClusterPod | undefined): PodClass {
  if (job.end !== null && job.end !== 'complete' && job.end.reason === 'DeadlineExceeded')
    return DEADLINE
  if (pod === undefined)
    return job.end === null ? { is: 'running' } : ended('crashed', 'The worker\'s pod is gone, and with it its result.')
  if (pod.reason === 'Evicted')
    return ended('crashed', `The node evicted the worker: ${pod.message || 'it did not say why'}`)

  if (pod.deletedAt !== null && !hasPublished(pod)) {
    // The cluster ends the pod first and marks the Job a moment later.
    const isLate = job.deadlineAt !== null && pod.deletedAt >= job.deadlineAt
    return isLate ? DEADLINE : { is: 'deleted', pod }
  }
  for (const stage of STAGES) {
    const state = pod.containers.get(stage)
    const found = state && classifyStage(stage, state, pod)
    if (found)
      return found
  }
  if (pod.unschedulable !== null)
    return { is: 'stuck', kind: 'unschedulable', reason: `No node takes the worker: ${pod.unschedulable}` }
  if (pod.phase === 'Failed') {
    const why = [pod.reason, pod.message].filter(text => text !== '').join(': ') || 'the cluster did not say why'
    return ended('crashed', `The worker's pod failed: ${why}`)
  }
  return { is: 'running' }
}

/** Names the cause of the pod's deletion. `events`: the reasons of the pod's events. */
export function classifyDeletion(pod: ClusterPod, events: readonly string[]): Failure {
  return knownDeletion(pod, events) ?? { kind: 'crashed', reason: 'Somebody else deleted the worker\'s pod.' }
}

/** Returns null when neither the pod nor its events name a cause. */
export function knownDeletion({ disruption }: ClusterPod, events: readonly string[]): Failure | null {
  const reasons = [...events, disruption?.reason]
  if (reasons.includes('TaintManagerEviction') || reasons.includes('DeletionByTaintManager'))
    return { kind: 'crashed', reason: 'The worker\'s node does not answer any more, or is being emptied.' }
  if (reasons.some(reason => reason === 'Preempted' || reason === 'PreemptionByScheduler'))
    return { kind: 'crashed', reason: 'The worker had to make room for something more important.' }
  if (reasons.some(reason => reason === 'EvictionByEvictionAPI' || reason === 'TerminationByKubelet'))
    return { kind: 'crashed', reason: `The node evicted the worker: ${disruption?.message ?? 'it did not say why'}` }
  return null
}

const DEADLINE = ended(
  'deadline',
  'The attempt took too long, and the cluster stopped it before it could say what it had done.',
)

/** The exit code after SIGKILL (128 + 9), by the kernel when memory is out or by anybody else. */
const KILLED = 137

/** Returns undefined when this stage does not decide how the attempt ended. */
function classifyStage(stage: typeof STAGES[number], state: ContainerState, pod: ClusterPod): PodClass | undefined {
  if (state.kind === 'running')
    return undefined
  if (state.kind === 'waiting')
    return classifyWaiting(state)
  if (state.reason === 'OOMKilled')
    return ended('out-of-memory', `The ${stage} stage used more memory than a worker has and was stopped.`)
  if (stage !== 'agent' && state.code === (stage === 'publish' ? 0 : EXIT_WITH_RESULT))
    return { is: 'reported', pod: pod.name, stage }
  return state.code === 0 ? undefined : broke(stage, state)
}

function hasPublished(pod: ClusterPod): boolean {
  const state = pod.containers.get('publish')
  return state?.kind === 'ended' && state.code === 0
}

function classifyWaiting({ reason, message }: ContainerState & { kind: 'waiting' }): PodClass | undefined {
  switch (reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return ended('image', `The worker's image cannot be used: ${message || reason}`)
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageInspect':
    case 'RegistryUnavailable':
      return { is: 'stuck', kind: 'image', reason: `The worker's image cannot be pulled: ${message || reason}` }
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return { is: 'stuck', kind: 'crashed', reason: `The node cannot start the worker: ${message || reason}` }
    default:
      return undefined
  }
}

function broke(stage: string, { code, reason, message }: ContainerState & { kind: 'ended' }): PodClass {
  const exit = code === KILLED ? 'it was killed' : `exit code ${code}`
  const parts = [exit, reason === 'Error' ? '' : reason, message].filter(text => text !== '')
  return ended('crashed', `The ${stage} stage broke: ${parts.join(', ')}.`)
}

function ended(kind: FailureKind, reason: string): { is: 'ended' } & Failure {
  return { is: 'ended', kind, reason }
}
