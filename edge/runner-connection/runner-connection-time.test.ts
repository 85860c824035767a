import type { Task } from '#shared/model/task.ts'
import type { Store } from '../store/store.ts'
import type { RunnerConnection } from './runner-connection.ts'
import { expect, test } from 'vitest'
import { RUNNER_STATUS_KEY } from '#shared/model/status.ts'
import { taskKey, task as taskSchema } from '#shared/model/task.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { createUnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { withStore } from '../testing/harness.ts'
import { createRunnerConnection, IDLE_TIMEOUT_MS } from './runner-connection.ts'

const { id: TASK } = buildTask()
const DAY_MS = 24 * 3_600_000

interface Harness {
  store: Store
  connection: RunnerConnection
  clock: { now: number }
  socket: WebSocket
  /** Accepts the socket, as the object does before a runner says anything. */
  connect: () => void
  /** The time at which the platform last answered a ping. */
  ping: { at: number }
}

/** A connection with a clock and a socket that the test controls. */
function withConnection(run: (harness: Harness) => Promise<void>): Promise<void> {
  const clock = { now: 1000 }
  const ping = { at: 0 }
  return withStore(async (store) => {
    const { 0: runner, 1: socket } = new WebSocketPair()
    runner.accept()
    socket.accept()
    const sockets = new Set<WebSocket>()
    const connection = createRunnerConnection({
      store,
      unfinished: createUnfinishedTasks(store),
      sockets: () => [...sockets],
      lastPing: () => new Date(ping.at),
      broadcast: () => undefined,
      now: () => clock.now,
    })
    const connect = () => {
      sockets.add(socket)
      connection.connect(socket)
    }
    await run({ store, connection, clock, socket, connect, ping })
  }, () => clock.now)
}

function storeTask(store: Store, task: Partial<Task>): Promise<void> {
  return store.commit(tx => tx.set(taskKey(TASK), buildTask(task)))
}

function hello({ connection, socket, connect }: Harness): Promise<void> {
  connect()
  const frame = { type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] }
  return connection.message(socket, JSON.stringify(frame))
}

test('nothing is due without paused tasks and runners', () => withConnection(async ({ connection }) => {
  expect(connection.due()).toBeNull()
}))

test('a paused task resumes when its pause is over, and not before', () => withConnection(async ({ store, connection, clock }) => {
  const status = async () => taskSchema.parse(await store.rows.get(taskKey(TASK))).state.status
  await storeTask(store, { state: { ...STATES.paused, until: 5000 } })
  expect(connection.due()).toBe(5000)

  clock.now = 4999
  await connection.fire()
  expect(await status()).toBe('paused')
  clock.now = 5000
  await connection.fire()
  expect(await status()).toBe('queued')
  expect(connection.due()).toBeNull()
}))

test('a pause that a person ended is not due any more', () => withConnection(async ({ store, connection }) => {
  await storeTask(store, { state: { ...STATES.paused, until: 5000 } })
  expect(connection.due()).toBe(5000)
  await storeTask(store, { state: STATES.cancelled })
  expect(connection.due()).toBeNull()
}))

test('changes of other rows leave the due time unchanged', () => withConnection(async ({ store, connection }) => {
  await storeTask(store, { state: { ...STATES.paused, until: 5000 } })
  expect(connection.due()).toBe(5000)
  await store.commit(tx => tx.set('turn', { state: 'idle', since: 1 }))
  expect(connection.due()).toBe(5000)
}))

test('a runner that pings is online, and one that stops is offline', () => withConnection(async (harness) => {
  const { store, connection, clock, ping } = harness
  await hello(harness)
  expect(connection.due()).toBe(1000 + IDLE_TIMEOUT_MS)

  ping.at = 20_000
  clock.now = 1000 + IDLE_TIMEOUT_MS
  await connection.fire()
  expect(await store.rows.get(RUNNER_STATUS_KEY)).toMatchObject({ online: true, since: 1000 })
  expect(connection.due()).toBe(20_000 + IDLE_TIMEOUT_MS)

  clock.now = 20_000 + IDLE_TIMEOUT_MS
  await connection.fire()
  expect(await store.rows.get(RUNNER_STATUS_KEY)).toMatchObject({ online: false, since: clock.now })
  expect(connection.due()).toBeNull()
}))

test('a runner whose socket was lost in a restart of the object becomes offline', () => withConnection(async (harness) => {
  const { store, connection, clock, connect } = harness
  await hello(harness)
  connect()
  expect(connection.due()).toBe(clock.now)
  await connection.fire()
  expect(await store.rows.get(RUNNER_STATUS_KEY)).toMatchObject({ online: false })
}))

test.each([
  '{"online":true,"since":"x"}',
  '{"online":true,"online":"no"}',
  'null',
  '{',
])('the runner\'s row %s is due once at most', text => withConnection(async ({ store, connection, clock }) => {
  await store.commit(tx => tx.set(RUNNER_STATUS_KEY, { online: true, since: 1, executor: 'process', problems: [] }))
  store.sql.exec('UPDATE rows SET value = ? WHERE key = ?', text, RUNNER_STATUS_KEY)
  expect(connection.due()).toBe(clock.now)
  await connection.fire()
  expect(await store.rows.get(RUNNER_STATUS_KEY)).toEqual({ online: false, since: clock.now, executor: 'unknown', problems: [] })
  expect(connection.due()).toBeNull()
}))

test('a runner\'s socket that never says hello nor pings is closed', () => withConnection(async ({ connection, clock, socket, connect }) => {
  connect()
  expect(connection.due()).toBe(1000 + IDLE_TIMEOUT_MS)
  clock.now = 1000 + IDLE_TIMEOUT_MS - 1
  await connection.fire()
  expect(socket.readyState).toBe(WebSocket.OPEN)
  clock.now += 1
  await connection.fire()
  expect([socket.readyState, connection.due()]).toEqual([WebSocket.CLOSING, null])
}))

test('reports are forgotten after a month', () => withConnection(async ({ store, connection, clock }) => {
  const remembered = () => store.sql.exec<{ id: string }>('SELECT id FROM reports ORDER BY id').toArray().map(({ id }) => id)
  clock.now = 100 * DAY_MS
  const ages = [29, 31].map(days => clock.now - days * DAY_MS)
  store.sql.exec('INSERT INTO reports (id, at, refused) VALUES (\'new\', ?, NULL), (\'old\', ?, NULL)', ...ages)
  await connection.fire()
  expect(remembered()).toEqual(['new'])

  clock.now += DAY_MS / 2
  store.sql.exec('INSERT INTO reports (id, at, refused) VALUES (\'old\', 0, NULL)')
  await connection.fire()
  expect(remembered()).toEqual(['new', 'old'])
  clock.now += DAY_MS / 2
  await connection.fire()
  expect(remembered()).toEqual(['new'])
}))
