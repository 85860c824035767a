import type { AttemptResult } from '#shared/model/task-event.ts'
import type { FailureKind } from '#shared/model/task.ts'
import type { Cluster, JobSeen, PodSeen } from './cluster.ts'
import { setTimeout } from 'node:timers/promises'
import { attemptResult } from '#shared/model/task-event.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { judge, judgeDeletion, knownDeletion } from './classify-pod.ts'
import { ClusterError } from './cluster.ts'
import { ANNOTATION } from './labels.ts'
import { readResult } from './read-result.ts'

/** How long what may change by itself is waited for, by what it would be. ms. */
export type Patience = { [K in 'image' | 'unschedulable' | 'crashed' | 'event']: number }

export const PATIENCE: Patience = {
  /** A registry that restarts. */
  image: 3 * 60_000,
  /** A cluster that has to add a node. */
  unschedulable: 10 * 60_000,
  /** A node that has just come up, and a kubelet that restarts. */
  crashed: 2 * 60_000,
  event: 1000,
}

export interface Settle {
  /** How the attempt ended, or null while it runs; `pods` are those of the Job, oldest first. Written into the Job once, so that it stays true when pod and log are gone. */
  settle: (job: JobSeen, pods: readonly PodSeen[]) => Promise<AttemptResult | null>
  /** Forgets all but these Jobs. */
  keep: (jobs: readonly JobSeen[]) => void
}

interface Remembered {
  /** The first pod, as last seen: another one is a replacement, so somebody took the first away. */
  pod: PodSeen | undefined
  stuckSince: number | null
}

/** Remembers only what a restart may forget: it then waits anew, and takes the pod there is for the first. */
export function createSettle({ cluster, patience, now }: { cluster: Cluster, patience: Patience, now: () => number }): Settle {
  const memory = new Map<string, Remembered>()

  return {
    async settle(job, pods) {
      const known = job.annotations[ANNOTATION.result]
      if (known !== undefined)
        return attemptResult.parse(JSON.parse(known))
      const seen = memory.get(job.uid) ?? { pod: undefined, stuckSince: null }
      memory.set(job.uid, seen)
      const before = seen.pod
      seen.pod = before === undefined ? pods[0] : pods.find(({ uid }) => uid === before.uid) ?? { ...before, deletedAt: before.deletedAt ?? now() }

      const judgement = judge(job, seen.pod)
      switch (judgement.is) {
        case 'running':
          seen.stuckSince = null
          return null
        case 'stuck':
          return isOver(seen, judgement.kind) ? write(job, failed(judgement), { stop: true }) : null
        case 'ended':
          return write(job, failed(judgement))
        case 'deleted':
          return write(job, failed(judgeDeletion(judgement.pod, await deletionEvents(judgement.pod))), { stop: true })
        case 'said':
          return said(job, judgement, seen)
      }
    },
    keep(jobs) {
      const uids = new Set(jobs.map(({ uid }) => uid))
      for (const uid of memory.keys()) {
        if (!uids.has(uid))
          memory.delete(uid)
      }
    },
  }

  /** Whoever deletes a pod says why at the same time, so the event may come a moment after the deletion. */
  async function deletionEvents(pod: PodSeen): Promise<string[]> {
    const events = await cluster.podEvents(pod)
    if (knownDeletion(pod, events) !== null)
      return events
    await setTimeout(patience.event)
    return cluster.podEvents(pod)
  }

  async function said(job: JobSeen, { pod, stage }: { pod: string, stage: string }, seen: Remembered): Promise<AttemptResult | null> {
    try {
      return await write(job, await readResult(cluster, pod, stage) ?? failed({ kind: 'crashed', reason: `The ${stage} stage ended without a result.` }))
    }
    catch (error) {
      // The node has the log, and the API server cannot get it from there just now.
      if (!(error instanceof ClusterError) || !isOver(seen, 'crashed'))
        throw error
      return write(job, failed({ kind: 'crashed', reason: `The worker ended, and its result cannot be read: ${error.message}` }))
    }
  }

  function isOver(seen: Remembered, kind: FailureKind): boolean {
    seen.stuckSince ??= now()
    return now() - seen.stuckSince >= (kind === 'image' || kind === 'unschedulable' ? patience[kind] : patience.crashed)
  }

  /** The first result that is written counts. `stop` also keeps the cluster from replacing the pod. */
  async function write(job: JobSeen, result: AttemptResult, { stop = false } = {}): Promise<AttemptResult> {
    const change = { annotations: { [ANNOTATION.result]: JSON.stringify(result) }, ...(stop && job.end === null && { parallelism: 0 }) }
    for (let current: JobSeen | null = job; current !== null; current = await cluster.getJob(job.name)) {
      const other = current.annotations[ANNOTATION.result]
      if (other !== undefined)
        return attemptResult.parse(JSON.parse(other))
      if (current.uid !== job.uid || await isWritten(current, change))
        return result
    }
    return result
  }

  async function isWritten({ name, version }: JobSeen, change: Parameters<Cluster['patchJob']>[2]): Promise<boolean> {
    try {
      await cluster.patchJob(name, version, change)
      return true
    }
    catch (error) {
      // Changed meanwhile, by the cluster or another of us: look again. Gone: nothing is to be written. Too large to be kept: it is read anew each time.
      if (error instanceof ClusterError && error.status === 409)
        return false
      if (error instanceof ClusterError && (error.status === 404 || error.status === 422))
        return true
      throw error
    }
  }
}

function failed({ kind, reason }: { kind: FailureKind, reason: string }): AttemptResult {
  return { outcome: 'failed', kind, reason: reason.slice(0, MAX_REASON), usage: NO_USAGE }
}

/** The wire's limit. Characters. */
const MAX_REASON = 4000
