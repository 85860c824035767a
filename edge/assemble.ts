import type { Files } from './attachments/files.ts'
import type { Env } from './env.ts'
import type { TakeDeliveryDeps } from './github/take-delivery.ts'
import type { MemberDeps } from './members/members.ts'
import type { Notifier } from './notifications/notifier.ts'
import type { RunnerConnection } from './runner-connection/runner-connection.ts'
import type { Store } from './store/store.ts'
import type { Live } from './sync/live.ts'
import { nanoid } from 'nanoid'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { MODEL_STATUS_KEY } from '#shared/model/status.ts'
import { createFiles } from './attachments/files.ts'
import { createTurns } from './conversation/turns.ts'
import { createEffects } from './create-effects.ts'
import { createFindAffectedTasks } from './github/find-affected-tasks.ts'
import { DEVICE_TAG, hashOf, RUNNER_TAG } from './members/socket-tags.ts'
import { compact } from './memory/compaction.ts'
import { chooseModel } from './model/choose-model.ts'
import { createNotifier } from './notifications/notifier.ts'
import { pruneSubscriptions, removeSubscription } from './notifications/subscriptions.ts'
import { vapidKey } from './notifications/vapid-key.ts'
import { createRunnerConnection } from './runner-connection/runner-connection.ts'
import { followCommits } from './search/follow-commits.ts'
import { deviceHeardAt, isPresent } from './sockets/device-socket.ts'
import { createIdleTimeout, DEVICE_IDLE_TIMEOUT_MS } from './sockets/idle-timeout.ts'
import { createSendFrame } from './sockets/send-frame.ts'
import { createTokenExpiry, tokenExpiresAt } from './sockets/token-expiry.ts'
import { createAlarm } from './store/alarm.ts'
import { createStore } from './store/create-store.ts'
import { migrate } from './store/migrate.ts'
import { LEASE_MS } from './store/outbox.ts'
import { parseEpoch, raiseEpoch } from './sync/epoch.ts'
import { createLive } from './sync/live.ts'
import { createPokes } from './sync/pokes.ts'
import { prune } from './sync/prune.ts'
import { createUnfinishedTasks } from './tasks/unfinished-tasks.ts'

export interface Parts {
  store: Store
  live: Live
  runner: RunnerConnection
  deliveries: TakeDeliveryDeps
  files: Files
  members: MemberDeps
  notifier: Notifier
  /** Must be called when a socket was accepted, or when the expiry of a token changed. */
  socketsChanged: () => void
  /** Must be called when the object starts. */
  wake: () => Promise<void>
  /** Must be called when the alarm fires. */
  fireAlarm: () => Promise<void>
}

/** Connects the object's parts. Their calls of each other are wired here and nowhere else. */
export function assemble(ctx: DurableObjectState, env: Env): Parts {
  migrate(ctx.storage)
  const now = () => Date.now()
  const newId = () => nanoid()
  const background = (work: Promise<void>) => ctx.waitUntil(work)
  const store = createStore({ storage: ctx.storage, now })
  const { sql } = store
  const unfinished = createUnfinishedTasks(store)

  const devices = () => ctx.getWebSockets(DEVICE_TAG)
  const lastPing = (ws: WebSocket) => ctx.getWebSocketAutoResponseTimestamp(ws)
  const idleTimeout = createIdleTimeout({
    sockets: devices,
    lastPing,
    heardAt: deviceHeardAt,
    timeoutMs: DEVICE_IDLE_TIMEOUT_MS,
    now,
  })
  const expiry = createTokenExpiry({ sockets: () => ctx.getWebSockets(), expiresAt, now })
  const send = createSendFrame()
  const pokes = createPokes({ store, sockets: devices, send })
  const { broadcast } = pokes
  const live = createLive({ store, sockets: devices, pokes, send, now })
  const runner = createRunnerConnection({
    store,
    unfinished,
    sockets: () => ctx.getWebSockets(RUNNER_TAG),
    lastPing,
    broadcast,
    now,
  })

  const { model, summariser, status } = chooseModel(env)
  const files = createFiles(env.ATTACHMENTS, ctx.id)
  const turns = createTurns({ store, model, modelId: status.id, readFile: files.read, broadcast, now, newId })
  const notifier = createNotifier({
    store,
    unfinished,
    key: () => vapidKey(env.SETUP_SECRET),
    request: (url, init) => fetch(url, init),
    isPresent: () => devices().some(isPresent),
    now,
  })

  const alarm = createAlarm(at => ctx.storage.setAlarm(at), background)
  const effects = createEffects({
    sql,
    turns,
    compact: () => compact({ store, summariser, now }),
    notifier,
    background,
    rescheduled: arm,
    now,
  })
  store.onCommit((keys, emitted) => {
    effects.enqueue([...emitted, ...notifier.committed(keys)])
    // Messages have no due times, and a new effect is due within its lease,
    // so the outbox need not be read after a commit of messages.
    if (keys.every(key => key.startsWith(MESSAGE_PREFIX)))
      alarm.arm([emitted.length > 0 ? now() + LEASE_MS : null])
    else
      arm()
  })
  followCommits({ store, background, sleep: ms => scheduler.wait(ms) })

  function expiresAt(ws: WebSocket): number | null {
    const hash = hashOf(ctx.getTags(ws))
    return hash === null ? null : tokenExpiresAt(sql, hash)
  }

  function arm(): void {
    alarm.arm([effects.due(), runner.due(), idleTimeout.due(), expiry.due()])
  }

  return {
    store,
    live,
    runner,
    deliveries: { sql, findAffectedTasks: createFindAffectedTasks(unfinished), poll: runner.poll, now },
    files,
    members: {
      sql,
      now,
      newId,
      sockets: tag => ctx.getWebSockets(tag),
      pruneSubscriptions: () => pruneSubscriptions(sql, now()),
      removeSubscription: device => removeSubscription(sql, device),
    },
    notifier,
    socketsChanged() {
      expiry.changed()
      arm()
    },
    async wake() {
      raiseEpoch(sql, parseEpoch(env.EPOCH))
      prune(sql, { version: store.version(), now: now() })
      effects.recover(await turns.isWanted() ? [{ kind: 'answer' }] : [])
      arm()
      await store.commit(async (tx) => {
        if (JSON.stringify(await tx.get(MODEL_STATUS_KEY)) !== JSON.stringify(status))
          await tx.set(MODEL_STATUS_KEY, status)
      })
    },
    async fireAlarm() {
      alarm.fired()
      effects.fire()
      idleTimeout.fire()
      expiry.fire()
      // Set again before any await, so that a crash in `runner.fire` does not leave the object without its alarm.
      arm()
      await runner.fire()
      arm()
    },
  }
}
