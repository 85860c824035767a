import type { TaskId } from '#shared/model/task.ts'
import type { LiveDown } from '#shared/protocol/live.ts'
import type { Joined, Part } from '#shared/protocol/parts.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { Store } from '../store/store.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import type { RunnerFrame } from './parse-runner-frame.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { CLOSE } from '#shared/protocol/live.ts'
import { createPartsJoiner, toParts } from '#shared/protocol/parts.ts'
import { MAX_POLL_TASKS, MAX_RUNNER_FRAME_LENGTH, RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { logFailure } from '../http/log-failure.ts'
import { createIdleTimeout } from '../sockets/idle-timeout.ts'
import { changedDesired, fullDesired } from './desired-frames.ts'
import { currentLease, setLease } from './lease.ts'
import { parseRunnerFrame } from './parse-runner-frame.ts'
import { createPausedTasks } from './paused-tasks.ts'
import { applyReport, pruneReports } from './reports.ts'
import { isShownOnline, setOffline, setOnline } from './runner-presence.ts'
import { attachSession, heardAt, sessionOf } from './runner-socket.ts'
import { storeLines } from './store-lines.ts'

/** Three pings of the runner, which sends one every 15 s. */
export const IDLE_TIMEOUT_MS = 45_000

export interface RunnerConnectionDeps {
  store: Store
  unfinished: UnfinishedTasks
  /** The runners' sockets, superseded and half-open ones included. */
  sockets: () => WebSocket[]
  /** `ctx.getWebSocketAutoResponseTimestamp`: pings are answered by the platform, so nothing else sees them. */
  lastPing: (ws: WebSocket) => Date | null
  broadcast: (frame: LiveDown) => void
  now: () => number
}

/** The edge's end of the runner connection. Lease and sessions are in storage and attachments, not in memory. */
export interface RunnerConnection {
  connect: (ws: WebSocket) => void
  message: (ws: WebSocket, data: string | ArrayBuffer) => Promise<void>
  closed: (ws: WebSocket) => Promise<void>
  /** Makes a connected runner poll these tasks now; a runner that connects later polls them anyway. */
  poll: (tasks: readonly TaskId[]) => void
  /** The time at which `fire` has something to do, ms since the epoch; null when there is nothing. */
  due: () => number | null
  fire: () => Promise<void>
}

export function createRunnerConnection({
  store,
  unfinished,
  sockets,
  lastPing,
  broadcast,
  now,
}: RunnerConnectionDeps): RunnerConnection {
  const pausedTasks = createPausedTasks(store, unfinished, now)
  // Of every runner's socket: one that never says hello must be closed too.
  const idleTimeout = createIdleTimeout({ sockets, lastPing, heardAt, timeoutMs: IDLE_TIMEOUT_MS, now })
  // Serialises the frames about tasks, so that an older state never follows a newer one.
  let sending = Promise.resolve()
  // Lost when the object sleeps: the runner is then told to send the frame again.
  const joiners = new WeakMap<WebSocket, (part: Part) => Joined>()
  let frames = 0

  store.onCommit((keys) => {
    const tasks = keys.filter(key => key.startsWith(TASK_PREFIX))
    if (tasks.length === 0)
      return
    void inOrder(async () => {
      const frame = await changedDesired(store.rows, tasks)
      const ws = current()
      if (frame && ws)
        send(ws, frame)
    })
  })

  return {
    connect: ws => attachSession(ws, { lease: null, heardAt: now() }),
    message,
    closed: async (ws) => {
      const session = sessionOf(ws)
      await store.commit(async (tx) => {
        if (session?.lease === currentLease(store.sql))
          await setOffline(tx)
      })
    },
    poll: (tasks) => {
      const ws = current()
      if (ws)
        send(ws, { type: 'poll', tasks: tasks.slice(0, MAX_POLL_TASKS) })
    },
    due: () => {
      const ends = [pausedTasks.next(), idleAt(), idleTimeout.due()].filter(time => time !== null)
      return ends.length > 0 ? Math.min(...ends) : null
    },
    fire: async () => {
      await pausedTasks.resume()
      const idle = idleAt()
      idleTimeout.fire()
      if (idle !== null && idle <= now())
        await store.commit(setOffline)
      pruneReports(store.sql, now())
    },
  }

  async function message(ws: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const parsed = parseRunnerFrame(data, joinerOf(ws))
    switch (parsed.kind) {
      case 'more':
        return
      case 'incomplete':
        return ws.close(CLOSE.incomplete, 'A part of a frame is missing. Send it again.')
      case 'invalid':
        return ws.close(CLOSE.protocol, parsed.why)
      case 'frame':
        return takeOrClose(ws, parsed.frame)
      default:
        return unreachable(parsed)
    }
  }

  /** A frame that fails here would fail again, so the runner must hear of it and wait. */
  async function takeOrClose(ws: WebSocket, frame: RunnerFrame): Promise<void> {
    try {
      await take(ws, frame)
    }
    catch (error) {
      logFailure('a frame of the runner', error)
      ws.close(CLOSE.failed, 'Something went wrong at the edge. It was logged.')
    }
  }

  async function take(ws: WebSocket, frame: RunnerFrame): Promise<void> {
    if (frame.type === 'hello')
      return hello(ws, frame)

    const session = sessionOf(ws)
    if (session?.lease == null)
      return ws.close(CLOSE.protocol, 'The first frame must be hello.')
    if (session.lease !== currentLease(store.sql))
      return supersede(ws)
    attachSession(ws, { ...session, heardAt: now() })

    switch (frame.type) {
      case 'report':
        return report(ws, frame)
      case 'log':
        return log(ws, frame)
      default:
        return unreachable(frame)
    }
  }

  async function hello(
    ws: WebSocket,
    { protocol, executor, problems }: Extract<RunnerUp, { type: 'hello' }>,
  ): Promise<void> {
    if (protocol !== RUNNER_PROTOCOL_VERSION) {
      return ws.close(
        CLOSE.version,
        `The edge speaks version ${RUNNER_PROTOCOL_VERSION} of the runner protocol, this runner ${protocol}.`,
      )
    }

    const lease = await store.commit(async (tx) => {
      const next = currentLease(store.sql) + 1
      await setOnline(tx, { executor, problems })
      tx.sideWrite(sql => setLease(sql, next))
      return next
    })
    attachSession(ws, { lease, heardAt: now() })
    for (const other of sockets()) {
      const before = sessionOf(other)?.lease
      if (before != null && before < lease)
        supersede(other)
    }
    send(ws, { type: 'welcome', lease })
    await inOrder(async () => send(ws, await fullDesired(store.rows, now())))
  }

  async function report(ws: WebSocket, frame: Extract<RunnerUp, { type: 'report' }>): Promise<void> {
    const refused = await applyReport(store, frame)
    // The change goes first, so that a runner that gets the ack already has its next desired work.
    await sending
    send(ws, { type: 'ack', report: frame.id, refused })
  }

  async function log(ws: WebSocket, { task, lines }: Extract<RunnerUp, { type: 'log' }>): Promise<void> {
    for (const { attempt, n, fresh } of await storeLines(store, task, lines)) {
      if (fresh.length > 0)
        broadcast({ type: 'log', task, lines: fresh })
      send(ws, { type: 'log-ack', task, attempt, n })
    }
  }

  function joinerOf(ws: WebSocket): (part: Part) => Joined {
    const join = joiners.get(ws) ?? createPartsJoiner(MAX_RUNNER_FRAME_LENGTH)
    joiners.set(ws, join)
    return join
  }

  function send(ws: WebSocket, frame: RunnerDown): void {
    if (ws.readyState !== WebSocket.OPEN)
      return
    frames += 1
    for (const part of toParts(JSON.stringify(frame), frames))
      ws.send(part)
  }

  /** The time at which the runner that is shown as online is idle for too long; null when none is. */
  function idleAt(): number | null {
    if (!isShownOnline(store.sql))
      return null
    const ws = current()
    return ws ? Math.max(heardAt(ws), lastPing(ws)?.getTime() ?? 0) + IDLE_TIMEOUT_MS : now()
  }

  function current(): WebSocket | undefined {
    const lease = currentLease(store.sql)
    return sockets().find(ws => sessionOf(ws)?.lease === lease)
  }

  function inOrder(job: () => Promise<void>): Promise<void> {
    sending = sending.then(job, job)
    return sending
  }
}

function supersede(ws: WebSocket): void {
  ws.close(CLOSE.superseded, 'A newer runner took over.')
}
