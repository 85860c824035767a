import type { AttemptResult } from '#shared/model/task-event.ts'
import type { FailureKind } from '#shared/model/task.ts'
import type { StuckKind } from './classify-pod.ts'
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

/** ms to wait for an obstacle to pass by itself, by the failure that it would become. */
export type GracePeriods = { [K in StuckKind | 'event']: number }

export const GRACE_PERIODS: GracePeriods = {
  /** A registry may be restarting. */
  image: 3 * 60_000,
  /** The cluster may have to add a node. */
  unschedulable: 10 * 60_000,
  /** A node may have just come up, or its kubelet may be restarting. */
  crashed: 2 * 60_000,
  event: 1000,
}

export interface ResultFinder {
  /**
   * Returns the attempt's result, or null while it runs; `pods` are the Job's, oldest first. The result is written
   * into the Job once, so that it outlives pod and log.
   */
  find: (job: ClusterJob, pods: readonly ClusterPod[]) => Promise<AttemptResult | null>
  /** Forgets all but these Jobs. */
  keep: (jobs: readonly ClusterJob[]) => void
}

interface JobMemory {
  /** The last reading of the first pod: any other pod is a replacement, so somebody deleted the first. */
  pod: ClusterPod | undefined
  stuckSince: number | null
}

/** A restart may lose its memory: the grace periods then begin again, and the oldest pod counts as the first. */
export function createResultFinder({
  cluster,
  gracePeriods,
  now,
}: {
  cluster: Cluster
  gracePeriods: GracePeriods
  now: () => number
}): ResultFinder {
  const memories = new Map<string, JobMemory>()

  return {
    async find(job, pods) {
      const known = job.annotations[ANNOTATION.result]
      if (known !== undefined)
        return attemptResult.parse(JSON.parse(known))
      const memory = memories.get(job.uid) ?? { pod: undefined, stuckSince: null }
      memories.set(job.uid, memory)
      const before = memory.pod
      memory.pod
        = before === undefined
          ? pods[0]
          : (pods.find(({ uid }) => uid === before.uid) ?? { ...before, deletedAt: before.deletedAt ?? now() })

      const podClass = classifyPod(job, memory.pod)
      switch (podClass.is) {
        case 'running':
          memory.stuckSince = null
          return null
        case 'stuck':
          return isGraceOver(memory, podClass.kind) ? write(job, failed(podClass), { stop: true }) : null
        case 'ended':
          return write(job, failed(podClass))
        case 'deleted':
          return write(job, failed(classifyDeletion(podClass.pod, await deletionEvents(podClass.pod))), { stop: true })
        case 'reported':
          return readReported(job, podClass, memory)
      }
    },
    keep(jobs) {
      const uids = new Set(jobs.map(({ uid }) => uid))
      for (const uid of memories.keys()) {
        if (!uids.has(uid))
          memories.delete(uid)
      }
    },
  }

  /** The event with the reason is written beside the deletion, so it may appear a moment after it. */
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
    memory: JobMemory,
  ): Promise<AttemptResult | null> {
    try {
      const result = await readResult(cluster, pod, stage)
      const reason = `The ${stage} stage ended without a result.`
      return await write(job, result ?? failed({ kind: 'crashed', reason }))
    }
    catch (error) {
      // The node has the log, but the API server may be unable to get it for a while.
      if (!(error instanceof ClusterError) || !isGraceOver(memory, 'crashed'))
        throw error
      const reason = `The worker ended, and its result cannot be read: ${error.message}`
      return write(job, failed({ kind: 'crashed', reason }))
    }
  }

  function isGraceOver(memory: JobMemory, kind: StuckKind): boolean {
    memory.stuckSince ??= now()
    return now() - memory.stuckSince >= gracePeriods[kind]
  }

  /** Writes the result; the first one that is written counts. `stop` also keeps the cluster from replacing the pod. */
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
      // 409: the cluster or another runner changed the Job, so it has to be read again. 404: the Job is gone, and
      // nothing is left to write. 422: the result is too large for an annotation and is read again each time.
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

/** Characters; the protocol allows no more. */
const MAX_REASON = 4000

/** A result with the longest plan is far smaller. */
const MAX_LINE_BYTES = 2_000_000

/** For a kubelet whose answer does not end; the API server itself times out one that does not answer. */
const READ_TIMEOUT_MS = 15_000

/** Reads the result from the last line of the stage's log; null when that line is no result. */
async function readResult(
  cluster: Pick<Cluster, 'readLog'>,
  pod: string,
  stage: string,
): Promise<AttemptResult | null> {
  const lines = splitLines(MAX_LINE_BYTES)
  let result: AttemptResult | null = null
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS)
  for await (const bytes of cluster.readLog(pod, stage, { follow: false, tailLines: 1 }, timeout)) {
    for (const text of lines.push(bytes)) {
      const line = podLine.safeParse(parseJson(text)).data
      result = line?.type === 'result' ? line.result : result
    }
  }
  return result
}
