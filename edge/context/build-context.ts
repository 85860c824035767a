import type { MessageFile } from '#shared/model/attachment.ts'
import type { Task, TaskId } from '#shared/model/task.ts'
import type { Gap } from '../text/cut-text.ts'
import type { StoredMessage } from '../thread/read-messages.ts'
import type { RenderedMessage } from '../thread/render-message.ts'
import type { ContextMessage, FileBlock } from './context-message.ts'
import type { FileBudget } from './file-budget.ts'
import { countTokens } from '../text/count-tokens.ts'
import { cutText } from '../text/cut-text.ts'
import { partAt } from '../text/text-parts.ts'
import { MESSAGE_TOKENS } from '../text/token-budgets.ts'
import { MESSAGE_OVERHEAD, messageTokens } from '../thread/message-tokens.ts'
import { renderUnseenFiles } from '../thread/render-file.ts'
import { renderMessage } from '../thread/render-message.ts'
import { createFileBudget } from './file-budget.ts'
import { fileTokens } from './file-tokens.ts'

/**
 * The beginning of the window moves in steps of this many
 * messages, so that the cached beginning lasts for several turns.
 */
const WINDOW_STEP = 20

/**
 * What no text takes from the files of the newest message: two pictures
 * as large as they come, for what is asked about them. Tokens.
 */
const OWN_FILES_TOKENS = 8_000

/**
 * The least that is kept of a message before an older one is
 * dropped: its beginning and its end, a paragraph each. Tokens.
 */
const MIN_MESSAGE_TOKENS = 600

/** Said in place of what does not fit. */
const OMITTED_NOTICE = '[Older messages are not shown; search_history finds them.]'

export interface ContextInput {
  /** The newest first; read only as far as the budget goes. */
  newestFirst: Iterable<StoredMessage>
  /** Up to which message a turn answered; undefined for a turn nobody knows any more. */
  answeredThrough: (turn: string) => number | undefined
  task: (id: TaskId) => Task | undefined
  /** Tokens; never exceeded, whatever the messages are. */
  budget: number
}

/**
 * The live window as the model reads it: the newest messages that fit, each reply right after what it
 * answered. A message that is not shown may be in no summary yet, so long ones are cut shorter before
 * an old one is left out, and files have what the texts leave: one that is not shown is named.
 */
export function buildContext({ newestFirst, answeredThrough, task, budget }: ContextInput): ContextMessage[] {
  const room = budget - MESSAGE_OVERHEAD - countTokens(OMITTED_NOTICE)
  // Two fit, so that the newest message is never alone with nothing it refers to.
  const longest = Math.min(MESSAGE_TOKENS, Math.floor(room / 2))
  const read: Entry[] = []
  let textRoom = room
  let least = 0
  let cut = false
  for (const stored of newestFirst) {
    const answerable = read.some(({ role }) => role === 'user')
    // The person's newest message is what must be answered, however long the rest is.
    if (least > textRoom && answerable) {
      cut = true
      break
    }
    const entry = toEntry(stored, { answeredThrough, task, longest, asked: !answerable })
    if (!answerable) {
      textRoom -= Math.min(
        OWN_FILES_TOKENS,
        Math.floor(room / 4),
        entry.files.reduce((sum, { file }) => sum + fileTokens(file), 0),
      )
    }
    read.push(entry)
    least += Math.min(entry.tokens, MIN_MESSAGE_TOKENS)
  }

  const window = trim(shorten(read.sort(byPlace), textRoom), textRoom)
  const fileBudget = createFileBudget(room - tokensOf(window))
  // Of what is left for files the newest have the most.
  const shown = window.toReversed().map(entry => show(entry, fileBudget)).reverse()
  const first = cut || window.length < read.length ? [{ role: 'user' as const, text: OMITTED_NOTICE, files: [] }] : []
  return merge([...first, ...shown])
}

/**
 * `place` orders: what was said at `[n, 0]`, the replies to everything up to it at `[n, 1]`. `tokens`: what it
 * takes at most, without its files; what is longer is cut. `asked`: what must be answered, and what came after it.
 */
interface Entry extends RenderedMessage {
  sequence: number
  place: readonly [number, 0 | 1]
  tokens: number
  asked: boolean
  files: MessageFile[]
}

interface Shown extends RenderedMessage { files: FileBlock[] }

function toEntry(
  { sequence, message }: StoredMessage,
  {
    answeredThrough,
    task,
    longest,
    asked,
  }: Pick<ContextInput, 'answeredThrough' | 'task'> & { longest: number, asked: boolean },
): Entry {
  const line = renderMessage(message, task)
  return {
    ...line,
    files: (message.kind === 'person' ? (message.files ?? []) : []).filter(({ state }) => state === 'here'),
    sequence,
    // A message sent while Claude wrote is stored before or amid that reply, but was not answered by it.
    place: message.kind === 'claude' ? [answeredThrough(message.turn) ?? sequence, 1] : [sequence, 0],
    tokens: Math.min(longest, messageTokens(message, line.text)),
    asked,
  }
}

/**
 * The longest are cut until all fit, what must be answered last of all;
 * by halves, so that the cached beginning lasts for several turns.
 */
function shorten(entries: readonly Entry[], budget: number): Entry[] {
  let fitting = [...entries]
  for (const which of [false, true]) {
    for (let limit = MESSAGE_TOKENS; limit > MIN_MESSAGE_TOKENS && tokensOf(fitting) > budget; limit /= 2) {
      fitting = fitting.map(entry =>
        entry.asked === which
          ? { ...entry, tokens: Math.min(entry.tokens, Math.max(limit / 2, MIN_MESSAGE_TOKENS)) }
          : entry,
      )
    }
  }
  return fitting
}

function show({ role, text, sequence, tokens, files }: Entry, fileBudget: FileBudget): Shown {
  const placed = files.map(file => ({ file, block: fileBudget(file) }))
  const said = renderUnseenFiles(placed.filter(({ block }) => block === null).map(({ file }) => file)) + text
  return {
    role,
    text: cutText(said, tokens - MESSAGE_OVERHEAD, gap => howToRead(sequence, said, gap)),
    files: placed.map(({ block }) => block).filter(block => block !== null),
  }
}

function tokensOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** The middle of a long message is not lost: it can be looked up piece by piece. */
function howToRead(sequence: number, text: string, { first, last }: Gap): string {
  const [from, to] = [partAt(text, first), partAt(text, last)]
  return `; read them with search_history: around ${sequence}, part ${from === to ? from : `${from} to ${to}`}`
}

function byPlace(a: Entry, b: Entry): number {
  return a.place[0] - b.place[0] || a.place[1] - b.place[1] || a.sequence - b.sequence
}

/** The end of `entries` that fits, at least one; beginning at a step when that leaves most of it. */
function trim(entries: Entry[], budget: number): Entry[] {
  let start = entries.length
  for (let left = budget; start > 0; start--) {
    left -= entries[start - 1]?.tokens ?? 0
    if (left < 0 && start < entries.length)
      break
  }
  if (start === 0)
    return entries
  const kept = entries.slice(start)
  const step = kept.findIndex(({ sequence }) => sequence % WINDOW_STEP === 0)
  return step > 0 && step < kept.length / 2 ? kept.slice(step) : kept
}

function merge(lines: readonly Shown[]): ContextMessage[] {
  const messages: ContextMessage[] = []
  for (const { role, text, files } of lines) {
    const last = messages.at(-1)
    if (text.trim() === '')
      continue
    const said = { kind: 'text' as const, text }
    // Claude reads best what stands before the question about it.
    if (role === 'user' && last?.role === 'user')
      last.content.push(...files, said)
    else if (role === 'assistant' && last?.role === 'assistant')
      last.content.push(said)
    else
      messages.push(role === 'user' ? { role, content: [...files, said] } : { role, content: [said] })
  }
  return messages
}
