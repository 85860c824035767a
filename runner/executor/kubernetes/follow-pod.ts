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

/** What is known of a Job at one moment; null when there is none. */
export type JobSnapshot = { job: ClusterJob, pod: ClusterPod | undefined, result: AttemptResult | null } | null

export interface FollowDeps {
  readLog: Cluster['readLog']
  readJob: () => Promise<JobSnapshot>
  /** Ends when something about the Job may have changed. */
  wait: Wake['wait']
  now: () => number
}

/** Also without a sign: a watch may miss one, and time alone can end what waits for a node or an image. */
const MAX_WAIT_MS = 5000

/** Our own lines are at most a few kB; whatever is longer was not printed by us. */
const MAX_LINE_BYTES = 1_000_000

/**
 * The Job's log lines with `n > after`: those of its containers one after the other,
 * numbered as they come, and at last why it failed. A connection that breaks is opened
 * again, and what was read before is left out by its number. Ends with the Job, or on abort.
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
    let seen = 0
    for (let over = false; !over && !signal.aborted;) {
      const found = await next(({ pod, result }) => startedIn(pod, stage, result !== null) ?? (result && 'never'))
      if (found === null || found === 'never')
        return
      // Known before reading: what is printed before the end is read after it.
      over = found.ended
      let count = 0
      try {
        for await (const line of linesOf(readLog(found.pod, stage, { follow: !over }, signal))) {
          count += 1
          if (count <= seen)
            continue
          seen = count
          yield line
        }
        // The node says that a container has ended a moment after its log has.
        if (!over)
          await wait(MAX_WAIT_MS, signal)
      }
      catch (error) {
        // A log that ended may be gone with its pod; else the connection broke, and the next read says what to do.
        over = over && (isRefusal(error) || found.isResolved)
        await wait(MAX_WAIT_MS, signal)
      }
    }
  }

  /** Looks until there is what is sought; null when there is no Job (any more), or on abort. */
  async function next<T>(seek: (seen: NonNullable<JobSnapshot>) => T | null | undefined): Promise<T | null> {
    while (!signal.aborted) {
      const seen = await readIfReachable()
      if (seen === null)
        return null
      const found = seen && seek(seen)
      if (found != null)
        return found
      await wait(MAX_WAIT_MS, signal)
    }
    return null
  }

  /** Undefined: the cluster cannot be reached just now. */
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

/** The API server answered, and will answer the same again. */
function isRefusal(error: unknown): boolean {
  return error instanceof ClusterError && error.status < 500
}

function startedIn(
  pod: ClusterPod | undefined,
  stage: string,
  isResolved: boolean,
): { pod: string, ended: boolean, isResolved: boolean } | null {
  const state = pod?.containers.get(stage)
  return pod && state && state.kind !== 'waiting' ? { pod: pod.name, ended: state.kind === 'ended', isResolved } : null
}
