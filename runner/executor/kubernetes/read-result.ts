import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Cluster } from './cluster.ts'
import { podLine } from '../../job/pod-line.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { parseJson } from './parse-json.ts'

/** A result with the longest plan is far below this. */
const MAX_LINE_BYTES = 2_000_000

/** A kubelet that does not answer is the API server's to time out; this is for one that answers and does not end. */
const READ_TIMEOUT_MS = 15_000

/** What the stage said as its last words; null when it did not say how the attempt ended. */
export async function readResult(cluster: Pick<Cluster, 'readLog'>, pod: string, stage: string): Promise<AttemptResult | null> {
  const lines = splitLines(MAX_LINE_BYTES)
  let result: AttemptResult | null = null
  for await (const bytes of cluster.readLog(pod, stage, { follow: false, tailLines: 1 }, AbortSignal.timeout(READ_TIMEOUT_MS))) {
    for (const text of lines.push(bytes)) {
      const line = podLine.safeParse(parseJson(text)).data
      result = line?.type === 'result' ? line.result : result
    }
  }
  return result
}
