import type { Json } from '#shared/model/json.ts'
import type { LiveDown, LiveUp } from '#shared/protocol/live.ts'
import type { Mutation, PullBody, PushBody } from '#shared/protocol/replicache.ts'
import type { Mainloop } from '../mainloop.ts'
import type { Store } from '../store/store.ts'
import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { must } from '#shared/lib/must.ts'
import { LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { createPartsJoiner, part as partFrame, toParts } from '#shared/protocol/parts.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { OWNER } from '../auth/person-id.ts'
import { mainloopOf } from '../bindings.ts'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'

/** The origin of the tests' Worker and its own pages. */
export const ORIGIN = 'http://localhost'

export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(ORIGIN + path, init))
}

/** The object of the owner, which the routes call for the owner's devices. */
export function mainloop(): DurableObjectStub<Mainloop> {
  return mainloopOf(env, OWNER)
}

/** Runs on the storage of an object that does nothing by itself; the same name gives the same storage. */
export function onStorage<T>(test: (storage: DurableObjectStorage) => T | Promise<T>, name: string = crypto.randomUUID()): Promise<T> {
  return runInDurableObject(env.BLANK.getByName(name), (_, { storage }) => test(storage))
}

/** Runs on a new store with real SQLite. `restart` makes the store that the next start of the object would. */
export function withStore<T>(test: (store: Store, restart: () => Store) => Promise<T>, now: () => number = () => 1000): Promise<T> {
  return onStorage((storage) => {
    migrate(storage)
    const open = () => createStore({ storage, now })
    return test(open(), open)
  })
}

/** Pairs a device and returns its cookie, as its browser would send it. */
export async function pairDevice(name = 'Test device'): Promise<string> {
  const response = await request('/api/pair', {
    method: 'POST',
    headers: { Origin: ORIGIN },
    body: JSON.stringify({ secret: env.SETUP_SECRET, name }),
  })
  return must(response.headers.get('Set-Cookie')?.split(';')[0], `a cookie in the answer to pairing (${response.status})`)
}

export function post(path: string, body: unknown, cookie: string): Promise<Response> {
  return request(path, { method: 'POST', headers: { Origin: ORIGIN, Cookie: cookie }, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

/** An open socket whose frames are read one by one. */
export interface TestSocket<Up, Down> {
  send: (frame: Up | string) => void
  /** Resolves with the next frame that fits, and skips those before it. */
  next: <T extends Down>(fits: (frame: Down) => frame is T) => Promise<T>
  /** The frames that were received but not read. */
  waiting: () => Down[]
  closed: Promise<CloseEvent>
  close: (code?: number, reason?: string) => void
}

export type LiveSocket = TestSocket<LiveUp, LiveDown>

export function openLive(cookie: string, protocol: number = LIVE_PROTOCOL_VERSION): Promise<LiveSocket> {
  return openSocket(`/api/live?protocol=${protocol}`, { Cookie: cookie, Origin: ORIGIN })
}

export async function openSocket<Up, Down>(path: string, headers: Record<string, string>): Promise<TestSocket<Up, Down>> {
  const response = await request(path, { headers: { Upgrade: 'websocket', ...headers } })
  const ws = must(response.webSocket, `a socket in the answer from ${path} (${response.status})`)
  const frames: Down[] = []
  const join = createPartsJoiner(Infinity)
  let sent = 0
  let wake = () => {}
  const closed = new Promise<CloseEvent>(resolve => ws.addEventListener('close', resolve))
  ws.addEventListener('message', ({ data }) => {
    const whole = joined(join, String(data))
    if (whole !== null)
      frames.push(JSON.parse(whole))
    wake()
  })
  ws.accept()

  return {
    send: frame => (typeof frame === 'string' ? [frame] : toParts(JSON.stringify(frame), ++sent)).forEach(text => ws.send(text)),
    async next(fits) {
      for (;;) {
        while (frames.length > 0) {
          const frame = must(frames.shift(), 'a frame')
          if (fits(frame))
            return frame
        }
        await new Promise<void>(resolve => wake = resolve)
      }
    },
    waiting: () => [...frames],
    closed,
    close: (...args) => ws.close(...args),
  }
}

/** The text of a frame when this is its last part; null for any other part. */
function joined(join: ReturnType<typeof createPartsJoiner>, text: string): string | null {
  const part = partFrame.safeParse(JSON.parse(text)).data
  if (part === undefined)
    return text
  const outcome = join(part)
  return outcome.kind === 'whole' ? outcome.text : null
}

/** True for frames of this type. */
export function isFrame<Type extends string>(type: Type) {
  return <Frame extends { type: string }>(frame: Frame): frame is Extract<Frame, { type: Type }> => frame.type === type
}

export function mutation(fields: Partial<Mutation> & { name?: string, args?: Json } = {}): Mutation {
  return { clientID: 'client', id: 1, name: 'sendMessage', args: { id: `m${fields.id ?? 1}`, text: 'Hello' }, timestamp: 0, ...fields }
}

export function pushBody(fields: Partial<PushBody> = {}): PushBody {
  return { pushVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'profile', clientGroupID: 'group', mutations: [mutation()], ...fields }
}

export function pullBody(fields: Partial<PullBody> = {}): PullBody {
  return { pullVersion: 1, schemaVersion: SCHEMA_VERSION, profileID: 'profile', clientGroupID: 'group', cookie: null, ...fields }
}
