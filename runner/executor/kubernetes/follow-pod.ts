import type { Buffer } from 'node:buffer'
import type { AttemptResult } from '#shared/model/task-event.ts'
import type { LogLine, Stage } from '#shared/protocol/log.ts'
import type { Wake } from '../../lib/wake.ts'
import type { Cluster, ClusterJob, ClusterPod } from './cluster.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { podLine } from '../../job/pod-line.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { ClusterError } from './cluster.ts'
import { STAGES } from './job-manifest.ts'

/** One reading of a Job; null when there is no such Job. */
export type JobSnapshot = { job: ClusterJob, pod: ClusterPod | undefined, result: AttemptResult | null } | null

export interface FollowDeps {
  readLog: Cluster['readLog']
  readJob: () => Promise<JobSnapshot>
  /** Resolves when the Job may have changed. */
  wait: Wake['wait']
  now: () => number
}

/** The Job is read at least this often: a watch can miss a change, and the wait for a node or an image can time out. */
const MAX_WAIT_MS = 5000

/** The worker's own lines have at most a few kB; a longer line is not the worker's. */
const MAX_LINE_BYTES = 1_000_000

/**
 * Yields the Job's log lines with `n > after`: the containers' lines in the order of the stages, numbered as they
 * are read, and at last the reason of a failure. After a broken connection it reads the log again and skips the
 * lines it has by their number. Ends with the Job, or on abort.
 */
export async function* followPod(
  { readLog, readJob, wait, now }: FollowDeps,
  attempt: number,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  let n = 0
  for (const stage of STAGES) {
    for await (const line of readStage(stage)) {
      n += 1
      if (n > after)
        yield { attempt, n, stage, ...line }
    }
  }
  const end = await next(({ result }) => result)
  if (end?.outcome === 'failed' && n + 1 > after)
    yield { attempt, n: n + 1, at: now(), stage: 'runner', kind: 'error', text: end.reason }

  async function* readStage(stage: Exclude<Stage, 'runner'>): AsyncGenerator<Printed> {
    let linesRead = 0
    for (let isDone = false; !isDone && !signal.aborted;) {
      const found = await next(({ pod, result }) => startedIn(pod, stage, result !== null) ?? (result && 'never'))
      if (found === null || found === 'never')
        return
      // Decided before reading: a container that has ended prints nothing more, so this reading is complete.
      isDone = found.ended
      let count = 0
      try {
        for await (const line of linesOf(readLog(found.pod, stage, { follow: !isDone }, signal))) {
          count += 1
          if (count <= linesRead)
            continue
          linesRead = count
          yield line
        }
        // The node reports the end of a container a moment after the end of its log.
        if (!isDone)
          await wait(MAX_WAIT_MS, signal)
      }
      catch (error) {
        // The log may be gone with its pod. Otherwise the connection broke, and the log is read again.
        isDone = isDone && (isRefusal(error) || found.isResolved)
        await wait(MAX_WAIT_MS, signal)
      }
    }
  }

  /** Reads the Job until `select` returns something; null when there is no such Job any more, or on abort. */
  async function next<T>(select: (snapshot: NonNullable<JobSnapshot>) => T | null | undefined): Promise<T | null> {
    while (!signal.aborted) {
      const snapshot = await readIfReachable()
      if (snapshot === null)
        return null
      const found = snapshot && select(snapshot)
      if (found != null)
        return found
      await wait(MAX_WAIT_MS, signal)
    }
    return null
  }

  /** Returns undefined while the cluster cannot be reached. */
  async function readIfReachable(): Promise<JobSnapshot | undefined> {
    try {
      return await readJob()
    }
    catch (error) {
      if (isRefusal(error))
        throw error
      return undefined
    }
  }
}

type Printed = Pick<LogLine, 'at' | 'kind' | 'text'>

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Printed> {
  const lines = splitLines(MAX_LINE_BYTES)
  for await (const chunk of bytes) {
    for (const text of lines.push(chunk)) {
      const line = podLine.safeParse(parseJson(text)).data
      if (line?.type === 'log')
        yield { at: line.at, kind: line.kind, text: line.text }
    }
  }
}

/**
 * Whether the API server refused, and would refuse again. A server that has just started forbids everything until it
 * has read the roles; a right that is really missing is reported by `list`.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof ClusterError && error.status < 500 && error.status !== 401 && error.status !== 403
}

function startedIn(
  pod: ClusterPod | undefined,
  stage: string,
  isResolved: boolean,
): { pod: string, ended: boolean, isResolved: boolean } | null {
  const state = pod?.containers.get(stage)
  return pod && state && state.kind !== 'waiting' ? { pod: pod.name, ended: state.kind === 'ended', isResolved } : null
}
