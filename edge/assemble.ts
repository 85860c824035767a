import type { Files } from './attachments/files.ts'
import type { Env } from './env.ts'
import type { TakeDeps } from './github/take-delivery.ts'
import type { Notifier } from './notifications/notifier.ts'
import type { Link } from './runner-connection/runner-connection.ts'
import type { Store } from './store/store.ts'
import type { Live } from './sync/live.ts'
import { nanoid } from 'nanoid'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { MODEL_STATUS_KEY } from '#shared/model/status.ts'
import { createFiles } from './attachments/files.ts'
import { createTurns } from './conversation/turns.ts'
import { createConcernedTasks } from './github/concerned-tasks.ts'
import { logFailure } from './http/log-failure.ts'
import { compact } from './memory/compaction.ts'
import { chooseModel } from './model/choose-model.ts'
import { createNotifier } from './notifications/notifier.ts'
import { pushKey } from './notifications/vapid-key.ts'
import { createLink } from './runner-connection/runner-connection.ts'
import { followCommits } from './search/follow-commits.ts'
import { DEVICE_TAG, hashOf, RUNNER_TAG } from './sockets/accept-socket.ts'
import { isHere } from './sockets/device-socket.ts'
import { createSilence } from './sockets/idle-timeout.ts'
import { createSendFrame } from './sockets/send-frame.ts'
import { createExpiry, endOfToken } from './sockets/token-expiry.ts'
import { createAlarm } from './store/alarm.ts'
import { createStore } from './store/create-store.ts'
import { createDrain } from './store/drain.ts'
import { migrate } from './store/migrate.ts'
import { defer, entries, LEASE_MS, remove } from './store/outbox.ts'
import { raiseEpoch } from './sync/epoch.ts'
import { createLive } from './sync/live.ts'
import { createPokes } from './sync/pokes.ts'
import { prune } from './sync/prune.ts'
import { createUnfinishedTasks } from './tasks/unfinished-tasks.ts'

export interface Parts {
  store: Store
  live: Live
  link: Link
  deliveries: TakeDeps
  files: Files
  notifier: Notifier
  now: () => number
  newId: () => string
  /** Sockets came, or what they were opened with ends at another time. */
  socketsChanged: () => void
  /** The object is in memory again. */
  wake: () => Promise<void>
  /** The alarm rang. */
  ring: () => Promise<void>
}

/** Puts the object's parts together: who calls whom is written here and nowhere else. */
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
  const send = createSendFrame()
  const pokes = createPokes({ store, sockets: devices, send })
  const silence = createSilence({ sockets: devices, lastPing, now })
  const expiry = createExpiry({
    sockets: () => ctx.getWebSockets(),
    endOf: (ws) => {
      const hash = hashOf(ctx.getTags(ws))
      return hash === null ? null : endOfToken(sql, hash)
    },
    now,
  })
  const live = createLive({
    store,
    sockets: devices,
    pokes,
    send,
    heard: silence.heard,
    now,
  })
  const link = createLink({
    store,
    unfinished,
    sockets: () => ctx.getWebSockets(RUNNER_TAG),
    lastPing,
    broadcast: pokes.broadcast,
    now,
  })
  const { model, summariser, status } = chooseModel(env)
  const files = createFiles(env.ATTACHMENTS, ctx.id)
  const turns = createTurns({ store, model, modelId: status.id, readFile: files.read, broadcast: pokes.broadcast, now, newId })

  const notifier = createNotifier({
    store,
    unfinished,
    key: () => pushKey(env.SETUP_SECRET),
    ask: (url, init) => fetch(url, init),
    isPresent: () => devices().some(isHere),
    now,
  })

  const alarm = createAlarm(at => ctx.storage.setAlarm(at), background)
  const drain = createDrain({
    entries: () => entries(sql),
    defer: (effect, to) => defer(sql, effect, to),
    remove: key => remove(sql, key),
    perform: (effect) => {
      switch (effect.kind) {
        case 'answer': return turns.answer()
        case 'compact': return compact({ store, summariser, now })
        case 'notify': return notifier.notify()
        default: return unreachable(effect)
      }
    },
    failed: (effect, error) => logFailure(`the effect ${effect.kind}`, error),
    gaveUp: (effect) => {
      switch (effect.kind) {
        case 'answer': return turns.giveUp()
        // Nothing was lost and nobody waits: the next turn, and the next thing to tell, ask for it again.
        case 'compact':
        case 'notify': return Promise.resolve()
        default: return unreachable(effect)
      }
    },
    background,
    rescheduled: arm,
    now,
    random: Math.random,
  })
  store.onCommit((keys, effects) => {
    drain.ask([...effects, ...notifier.committed(keys)])
    // Nobody waits for a message's time; and what was just asked for is due within its lease, which needs no look at the outbox.
    if (keys.every(key => key.startsWith(MESSAGE_PREFIX)))
      alarm.arm([effects.length > 0 ? now() + LEASE_MS : null])
    else
      arm()
  })

  followCommits({ store, background, sleep: ms => scheduler.wait(ms) })

  function arm(): void {
    alarm.arm([drain.due(), link.due(), silence.due(), expiry.due()])
  }

  return {
    store,
    live,
    link,
    deliveries: { sql, concerned: createConcernedTasks(unfinished), look: link.look, now },
    files,
    notifier,
    now,
    newId,
    socketsChanged() {
      expiry.changed()
      arm()
    },
    async wake() {
      raiseEpoch(sql, Number(env.EPOCH ?? 1))
      prune(sql, { version: store.version(), now: now() })
      drain.recover(await turns.isWanted() ? [{ kind: 'answer' }] : [])
      arm()
      await store.commit(async (tx) => {
        if (JSON.stringify(await tx.get(MODEL_STATUS_KEY)) !== JSON.stringify(status))
          await tx.set(MODEL_STATUS_KEY, status)
      })
    },
    async ring() {
      alarm.rang()
      drain.fire()
      silence.fire()
      expiry.fire()
      // Set again before anything is awaited: a crash in what follows must not leave the object without its alarm.
      arm()
      await link.fire()
      arm()
    },
  }
}
