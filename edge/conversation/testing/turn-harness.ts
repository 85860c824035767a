import type { Message } from '#shared/model/message.ts'
import type { Task } from '#shared/model/task.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { LiveDown } from '#shared/protocol/live.ts'
import type { Model, ModelBlock, ModelEvent, ModelFailure, ModelRequest, ToolCall } from '../../model/model.ts'
import type { Store } from '../../store/store.ts'
import type { Turns } from '../turns.ts'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { retryTurn } from '#shared/mutators/retry-turn.ts'
import { sendMessage } from '#shared/mutators/send-message.ts'
import { stopTurn } from '#shared/mutators/stop-turn.ts'
import { NO_USAGE } from '../../model/model.ts'
import { createStore } from '../../store/create-store.ts'
import { migrate } from '../../store/migrate.ts'
import { onStorage } from '../../testing/harness.ts'
import { createTurns } from '../turns.ts'

/** A model with a price, so that tests can check the usage records. */
export const MODEL_ID = 'claude-sonnet-5-5'

/** A reply of the scripted model. */
export type Script = (signal: AbortSignal, request: ModelRequest) => AsyncIterable<ModelEvent>

/** Turns over a real Durable Object's storage, with a scripted model and a clock that tests set. */
export interface TurnHarness {
  store: Store
  turns: Turns
  requests: ModelRequest[]
  /** Bytes of the uploaded files by id. */
  files: Map<string, Uint8Array>
  clock: { now: number }
  say: (text: string) => Promise<void>
  stop: () => Promise<void>
  retry: () => Promise<void>
  turn: () => Promise<Turn>
  /** The conversation, one line per message. */
  lines: () => Promise<string[]>
  tasks: () => Promise<Task[]>
  /** After this many more commits the next one never ends, as if the process had died. */
  killAfter: (commits: number) => void
  died: Promise<void>
  /** The texts on a device that received every frame, by message key. */
  displayed: Map<string, string>
}

/** Opens the object of this name; after a crash it can be opened again with its storage. */
export function onTurnHarness(name: string, script: Script | Script[], play: (harness: TurnHarness) => Promise<void>): Promise<void> {
  return onStorage((storage) => {
    migrate(storage)
    return play(createHarness(storage, script))
  }, name)
}

export async function* words(...pieces: string[]): AsyncGenerator<ModelEvent> {
  yield* pieces.map(text => ({ kind: 'text' as const, text }))
  yield { kind: 'end', stop: 'done', content: [{ kind: 'text', text: pieces.join('') }], usage: { ...NO_USAGE, inputTokens: 10, outputTokens: 2 } }
}

export async function* calling(text: string, ...calls: Omit<ToolCall, 'kind'>[]): AsyncGenerator<ModelEvent> {
  const texts: ModelBlock[] = text === '' ? [] : [{ kind: 'text', text }]
  if (text !== '')
    yield { kind: 'text', text }
  yield { kind: 'end', stop: 'tools', content: [...texts, ...calls.map(call => ({ kind: 'tool-call' as const, ...call }))], usage: NO_USAGE }
}

export async function* failing(text: string, failure: ModelFailure): AsyncGenerator<ModelEvent> {
  if (text !== '')
    yield { kind: 'text', text }
  yield { kind: 'end', stop: 'error', failure, usage: NO_USAGE }
}

/** Streams `text`, then waits for an abort; `reached` resolves when it waits. */
export function hanging(text: string): { script: (signal: AbortSignal) => AsyncIterable<ModelEvent>, reached: Promise<void> } {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  return {
    reached,
    async* script(signal) {
      yield { kind: 'text', text }
      const { promise: aborted, resolve } = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => resolve(), { once: true })
      reach()
      await aborted
      yield { kind: 'end', stop: 'aborted', usage: NO_USAGE }
    },
  }
}

function createHarness(storage: DurableObjectStorage, script: Script | Script[]): TurnHarness {
  const clock = { now: Date.UTC(2026, 10, 23, 12) }
  const now = () => clock.now
  const store = createStore({ storage, now })
  const requests: ModelRequest[] = []
  const displayed = new Map<string, string>()
  const files: TurnHarness['files'] = new Map()
  const model: Model = (request, signal) => {
    requests.push(request)
    const reply = Array.isArray(script) ? must(script.shift(), 'a scripted reply') : script
    return reply(signal, request)
  }
  const row = async () => must(await store.rows.get(TURN_KEY) as Turn | undefined, 'the turn row')
  const turnId = async () => {
    const turn = await row()
    return 'id' in turn ? turn.id : 'none'
  }
  const { promise: died, resolve: die } = Promise.withResolvers<void>()
  let left = Infinity
  const killable: Store = {
    ...store,
    commit: (change) => {
      if (left-- > 0)
        return store.commit(change)
      die()
      return new Promise(() => {})
    },
  }
  return {
    store,
    killAfter: commits => void (left = commits),
    died,
    requests,
    files,
    clock,
    displayed,
    turns: createTurns({
      store: killable,
      model,
      modelId: MODEL_ID,
      readFile: async id => files.get(id) ?? null,
      broadcast: frame => applyFrame(displayed, frame),
      now,
      newId: () => crypto.randomUUID(),
    }),
    say: text => store.commit(tx => sendMessage(tx, { id: crypto.randomUUID(), text })),
    stop: async () => {
      const turn = await turnId()
      await store.commit(tx => stopTurn(tx, { turn }))
    },
    retry: async () => {
      const turn = await turnId()
      await store.commit(tx => retryTurn(tx, { turn }))
    },
    turn: row,
    lines: async () => (await values<Message>(store, MESSAGE_PREFIX)).map(toLine),
    tasks: () => values<Task>(store, TASK_PREFIX),
  }
}

function applyFrame(displayed: Map<string, string>, frame: LiveDown): void {
  if (frame.type === 'text')
    displayed.set(frame.key, (displayed.get(frame.key) ?? '').slice(0, frame.offset) + frame.text)
}

async function values<T>(store: Store, prefix: string): Promise<T[]> {
  const found: T[] = []
  for await (const [, value] of store.rows.scan(prefix))
    found.push(value as T)
  return found
}

function toLine(message: Message): string {
  switch (message.kind) {
    case 'person': return `person: ${message.text}`
    case 'claude': return `claude ${message.state}: ${message.text}`
    case 'task':
    case 'event': return message.kind
    default: return unreachable(message)
  }
}
