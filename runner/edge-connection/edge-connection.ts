import type { DaySpend, DesiredTask, RunnerUp } from '#shared/protocol/runner.ts'
import type { ConnectionEnd, EdgeFrame } from './dial.ts'
import type { Outbox } from './outbox.ts'
import { backoff, jittered } from '#shared/lib/backoff.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { sleep } from '../lib/sleep.ts'
import { dial } from './dial.ts'
import { createOutbox } from './outbox.ts'

/** The edge closes a connection that is idle for 45 s, so two pings may be lost. */
const TIMING = {
  pingMs: 15_000,
  idleTimeoutMs: 20_000,
  retry: { firstMs: 500, maxMs: 30_000 },
  /** After a connection that ended because of a frame, of ours or of the edge. */
  faultRetry: { firstMs: 1000, maxMs: 300_000 },
}

export interface EdgeConnectionOptions {
  /** The edge's address, http or https. */
  edge: string
  token: string
  hello: Omit<Extract<RunnerUp, { type: 'hello' }>, 'type' | 'protocol'>
  /** Logs a change of the connection's state, as a sentence. */
  say: (level: 'info' | 'warn', sentence: string) => void
  /** Takes the edge's count of the cost of all tasks today. */
  spent: (day: DaySpend) => void
  /** Called when the desired tasks, the poll requests, the unacknowledged reports or the connection changed. */
  changed: () => void
  random?: () => number
  timing?: typeof TIMING
}

export interface EdgeConnection extends Pick<Outbox, 'report' | 'isReporting' | 'sendLog'> {
  /** The desired tasks; null until this connection has received the full list, and then nothing may be done. */
  desired: () => readonly DesiredTask[] | null
  /** The tasks to poll early, named by the edge since the last call. */
  takePollRequests: () => ReadonlySet<string>
  /** Stays connected until the signal aborts. Rejects with `SupersededError` when another runner took over. */
  run: (signal: AbortSignal) => Promise<void>
}

/** Another runner took over the lease, so this one must not act any more. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
}

export function createEdgeConnection({
  edge,
  token,
  hello,
  say,
  spent,
  changed,
  random = Math.random,
  timing = TIMING,
}: EdgeConnectionOptions): EdgeConnection {
  const outbox = createOutbox()
  const url = `${edge.replace(/^http/, 'ws')}/runner`
  let tasks: Map<string, DesiredTask> | null = null
  let pollRequests = new Set<string>()
  let failures = 0
  // Connections in a row that ended with a fault; being welcomed in between mends nothing.
  let faults = 0
  let lastLogged = ''

  return {
    report: outbox.report,
    isReporting: outbox.isReporting,
    sendLog: outbox.sendLog,
    desired: () => tasks && [...tasks.values()],
    takePollRequests,
    run,
  }

  function takePollRequests(): ReadonlySet<string> {
    const taken = pollRequests
    pollRequests = new Set()
    return taken
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const end = await connection(signal)
      if (signal.aborted)
        return
      if (end.kind === 'superseded') {
        throw new SupersededError(
          'Another runner connected to the edge and took over. This one stops; its workers go on under the other.',
        )
      }
      logOnce('warn', sentence(end, edge))
      await sleep(retryIn(end), signal)
      failures += 1
      faults = isFault(end) ? faults + 1 : 0
    }
  }

  async function connection(signal: AbortSignal): Promise<ConnectionEnd> {
    let send = (_: RunnerUp): void => undefined
    const end = await dial(
      {
        url,
        token,
        timing,
        opened: (write) => {
          send = frame => write(JSON.stringify(frame))
          send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, ...hello })
        },
        received: frame => receive(frame, send),
      },
      signal,
    )
    tasks = null
    if (end.kind === 'fault')
      outbox.faulted()
    outbox.offline()
    changed()
    return end
  }

  function receive(frame: EdgeFrame, send: (frame: RunnerUp) => void): void {
    switch (frame.type) {
      case 'welcome':
        failures = 0
        logOnce('info', `Connected to ${edge}.`)
        return outbox.online(send)
      case 'desired':
        if (frame.spent)
          spent(frame.spent)
        tasks = mergeTasks(frame.full ? new Map() : tasks, frame.tasks)
        return changed()
      case 'poll':
        frame.tasks.forEach(task => pollRequests.add(task))
        return changed()
      case 'ack':
      case 'log-ack':
        outbox.acked(frame)
        return frame.type === 'ack' ? changed() : undefined
      default:
        return unreachable(frame)
    }
  }

  function retryIn(end: ConnectionEnd): number {
    if (isFault(end))
      return jittered(backoff(timing.faultRetry, faults), random())
    // A wrong token or an old version does not resolve itself soon.
    if (end.kind !== 'lost')
      return timing.retry.maxMs
    return jittered(backoff(timing.retry, failures), random())
  }

  function logOnce(level: 'info' | 'warn', text: string): void {
    if (text !== lastLogged)
      say(level, text)
    lastLogged = text
  }
}

/** Whether the next connection would end in the same way if it came at once. */
function isFault({ kind }: ConnectionEnd): boolean {
  return kind === 'fault' || kind === 'foreign'
}

/** Applies the changes; null while the full list is missing. Tasks with the work `forget` are removed. */
function mergeTasks(
  before: Map<string, DesiredTask> | null,
  changes: readonly DesiredTask[],
): Map<string, DesiredTask> | null {
  if (!before)
    return null
  const after = new Map(before)
  for (const task of changes) {
    if (task.work.do === 'forget')
      after.delete(task.id)
    else after.set(task.id, task)
  }
  return after
}

function sentence({ kind, why }: ConnectionEnd, edge: string): string {
  switch (kind) {
    case 'unauthorized':
      return `${edge} does not know this runner's token. Set RUNNER_TOKEN to what the edge has; trying again.`
    case 'version':
      return `The connection to ${edge} ${why} Update the older of the two; trying again.`
    case 'fault':
    case 'foreign':
    case 'lost':
      return `The connection to ${edge} ${why}. Workers go on; trying again.`
    case 'superseded':
      return `The connection to ${edge} ${why}.`
    default:
      return unreachable(kind)
  }
}
