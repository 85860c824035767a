import type { AttemptResult } from '#shared/model/task-event.ts'
import type { FailureKind } from '#shared/model/task.ts'
import type { Cluster, ClusterJob, ClusterPod } from './cluster.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { attemptResult } from '#shared/model/task-event.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { podLine } from '../../job/pod-line.ts'
import { sleep } from '../../lib/sleep.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { classifyDeletion, classifyPod, knownDeletion } from './classify-pod.ts'
import { ClusterError } from './cluster.ts'
import { ANNOTATION } from './labels.ts'

/** How long what may change by itself is waited for, by what it would be. ms. */
export type GracePeriods = { [K in 'image' | 'unschedulable' | 'crashed' | 'event']: number }

export const GRACE_PERIODS: GracePeriods = {
  /** A registry that restarts. */
  image: 3 * 60_000,
  /** A cluster that has to add a node. */
  unschedulable: 10 * 60_000,
  /** A node that has just come up, and a kubelet that restarts. */
  crashed: 2 * 60_000,
  event: 1000,
}

export interface ResultResolver {
  /**
   * How the attempt ended, or null while it runs; `pods` are those of the Job, oldest
   * first. Written into the Job once, so that it stays true when pod and log are gone.
   */
  resolve: (job: ClusterJob, pods: readonly ClusterPod[]) => Promise<AttemptResult | null>
  /** Forgets all but these Jobs. */
  keep: (jobs: readonly ClusterJob[]) => void
}

interface Remembered {
  /** The first pod, as last seen: another one is a replacement, so somebody took the first away. */
  pod: ClusterPod | undefined
  stuckSince: number | null
}

/** Remembers only what a restart may forget: it then waits anew, and takes the pod there is for the first. */
export function createResultResolver({
  cluster,
  gracePeriods,
  now,
}: {
  cluster: Cluster
  gracePeriods: GracePeriods
  now: () => number
}): ResultResolver {
  const remembered = new Map<string, Remembered>()

  return {
    async resolve(job, pods) {
      const known = job.annotations[ANNOTATION.result]
      if (known !== undefined)
        return attemptResult.parse(JSON.parse(known))
      const seen = remembered.get(job.uid) ?? { pod: undefined, stuckSince: null }
      remembered.set(job.uid, seen)
      const before = seen.pod
      seen.pod
        = before === undefined
          ? pods[0]
          : (pods.find(({ uid }) => uid === before.uid) ?? { ...before, deletedAt: before.deletedAt ?? now() })

      const podClass = classifyPod(job, seen.pod)
      switch (podClass.is) {
        case 'running':
          seen.stuckSince = null
          return null
        case 'stuck':
          return isOver(seen, podClass.kind) ? write(job, failed(podClass), { stop: true }) : null
        case 'ended':
          return write(job, failed(podClass))
        case 'deleted':
          return write(job, failed(classifyDeletion(podClass.pod, await deletionEvents(podClass.pod))), { stop: true })
        case 'reported':
          return readReported(job, podClass, seen)
      }
    },
    keep(jobs) {
      const uids = new Set(jobs.map(({ uid }) => uid))
      for (const uid of remembered.keys()) {
        if (!uids.has(uid))
          remembered.delete(uid)
      }
    },
  }

  /** Whoever deletes a pod says why at the same time, so the event may come a moment after the deletion. */
  async function deletionEvents(pod: ClusterPod): Promise<string[]> {
    const events = await cluster.podEvents(pod)
    if (knownDeletion(pod, events) !== null)
      return events
    await sleep(gracePeriods.event)
    return cluster.podEvents(pod)
  }

  async function readReported(
    job: ClusterJob,
    { pod, stage }: { pod: string, stage: string },
    seen: Remembered,
  ): Promise<AttemptResult | null> {
    try {
      return await write(
        job,
        (await readResult(cluster, pod, stage))
        ?? failed({ kind: 'crashed', reason: `The ${stage} stage ended without a result.` }),
      )
    }
    catch (error) {
      // The node has the log, and the API server cannot get it from there just now.
      if (!(error instanceof ClusterError) || !isOver(seen, 'crashed'))
        throw error
      return write(
        job,
        failed({ kind: 'crashed', reason: `The worker ended, and its result cannot be read: ${error.message}` }),
      )
    }
  }

  function isOver(seen: Remembered, kind: FailureKind): boolean {
    seen.stuckSince ??= now()
    return (
      now() - seen.stuckSince
      >= (kind === 'image' || kind === 'unschedulable' ? gracePeriods[kind] : gracePeriods.crashed)
    )
  }

  /** The first result that is written counts. `stop` also keeps the cluster from replacing the pod. */
  async function write(job: ClusterJob, result: AttemptResult, { stop = false } = {}): Promise<AttemptResult> {
    const change = {
      annotations: { [ANNOTATION.result]: JSON.stringify(result) },
      ...(stop && job.end === null && { parallelism: 0 }),
    }
    for (let current: ClusterJob | null = job; current !== null; current = await cluster.getJob(job.name)) {
      const other = current.annotations[ANNOTATION.result]
      if (other !== undefined)
        return attemptResult.parse(JSON.parse(other))
      if (current.uid !== job.uid || (await isWritten(current, change)))
        return result
    }
    return result
  }

  async function isWritten(
    { name, version }: ClusterJob,
    change: Parameters<Cluster['patchJob']>[2],
  ): Promise<boolean> {
    try {
      await cluster.patchJob(name, version, change)
      return true
    }
    catch (error) {
      // Changed meanwhile, by the cluster or another of us: read it again. Gone:
      // nothing is to be written. Too large to be kept: it is read anew each time.
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

/** A result with the longest plan is far below this. */
const MAX_LINE_BYTES = 2_000_000

/** A kubelet that does not answer is the API server's to time out; this is for one that answers and does not end. */
const READ_TIMEOUT_MS = 15_000

/** What the stage said as its last words; null when it did not say how the attempt ended. */
async function readResult(
  cluster: Pick<Cluster, 'readLog'>,
  pod: string,
  stage: string,
): Promise<AttemptResult | null> {
  const lines = splitLines(MAX_LINE_BYTES)
  let result: AttemptResult | null = null
  for await (const bytes of cluster.readLog(
    pod,
    stage,
    { follow: false, tailLines: 1 },
    AbortSignal.timeout(READ_TIMEOUT_MS),
  )) {
    for (const text of lines.push(bytes)) {
      const line = podLine.safeParse(parseJson(text)).data
      result = line?.type === 'result' ? line.result : result
    }
  }
  return result
}
