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

/** The window's beginning moves in steps of so many messages, so that the prompt cache holds for several turns. */
const WINDOW_STEP = 20

/** Room that is kept for the files of the newest message: two pictures of the largest size. Tokens. */
const OWN_FILES_TOKENS = 8_000

/** Minimum tokens kept of a message before older ones are dropped: a paragraph of its beginning and of its end. */
const MIN_MESSAGE_TOKENS = 600

/** Replaces the dropped messages. */
const OMITTED_NOTICE = '[Older messages are not shown; search_history finds them.]'

export interface ContextInput {
  /** Read only as far as the budget goes. */
  newestFirst: Iterable<StoredMessage>
  /** The sequence number of the newest message that a turn answered; undefined for an unknown turn. */
  answeredThrough: (turn: string) => number | undefined
  task: (id: TaskId) => Task | undefined
  /** Tokens; never exceeded. */
  budget: number
}

/**
 * The live window for the model: the newest messages that fit, each reply right after the messages it answered.
 * A dropped message may be in no summary yet, so long messages are cut shorter before an old one is dropped.
 * Files get the room that the texts leave; a file that does not fit is named.
 */
export function buildContext({ newestFirst, answeredThrough, task, budget }: ContextInput): ContextMessage[] {
  const room = budget - MESSAGE_OVERHEAD - countTokens(OMITTED_NOTICE)
  // At least two messages fit, so that the newest one is never without the one before it.
  const longest = Math.min(MESSAGE_TOKENS, Math.floor(room / 2))
  const read: Entry[] = []
  let textRoom = room
  let least = 0
  let cut = false
  for (const stored of newestFirst) {
    const answerable = read.some(({ role }) => role === 'user')
    // The person's newest message must be answered, so it is read even beyond the budget.
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
  // The files of the newest messages come first.
  const rendered = window.toReversed().map(entry => render(entry, fileBudget)).reverse()
  const first = cut || window.length < read.length ? [{ role: 'user' as const, text: OMITTED_NOTICE, files: [] }] : []
  return merge([...first, ...rendered])
}

/**
 * `place` is the order: a message is at `[n, 0]`, the replies to the messages through it are at `[n, 1]`. `tokens` is
 * the limit of its text, without files; a longer text is cut. `asked` marks the message to be answered and later ones.
 */
interface Entry extends RenderedMessage {
  sequence: number
  place: readonly [number, 0 | 1]
  tokens: number
  asked: boolean
  files: MessageFile[]
}

interface RenderedEntry extends RenderedMessage { files: FileBlock[] }

type EntryOptions = Pick<ContextInput, 'answeredThrough' | 'task'> & { longest: number, asked: boolean }

function toEntry({ sequence, message }: StoredMessage, options: EntryOptions): Entry {
  const { answeredThrough, task, longest, asked } = options
  const line = renderMessage(message, task)
  return {
    ...line,
    files: (message.kind === 'person' ? (message.files ?? []) : []).filter(({ state }) => state === 'here'),
    sequence,
    // A message that was sent during a reply is stored before or amid it, but that reply did not answer it.
    place: message.kind === 'claude' ? [answeredThrough(message.turn) ?? sequence, 1] : [sequence, 0],
    tokens: Math.min(longest, messageTokens(message, line.text)),
    asked,
  }
}

/**
 * Cuts the longest messages until all fit, those to be answered last. The limit
 * is halved each time, so that the prompt cache holds for several turns.
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

function render({ role, text, sequence, tokens, files }: Entry, fileBudget: FileBudget): RenderedEntry {
  const placed = files.map(file => ({ file, block: fileBudget(file) }))
  const full = renderUnseenFiles(placed.filter(({ block }) => block === null).map(({ file }) => file)) + text
  return {
    role,
    text: cutText(full, tokens - MESSAGE_OVERHEAD, gap => howToRead(sequence, full, gap)),
    files: placed.map(({ block }) => block).filter(block => block !== null),
  }
}

function tokensOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** Tells the model how to read the middle of a long message, part by part. */
function howToRead(sequence: number, text: string, { first, last }: Gap): string {
  const [from, to] = [partAt(text, first), partAt(text, last)]
  return `; read them with search_history: around ${sequence}, part ${from === to ? from : `${from} to ${to}`}`
}

function byPlace(a: Entry, b: Entry): number {
  return a.place[0] - b.place[0] || a.place[1] - b.place[1] || a.sequence - b.sequence
}

/** The newest entries that fit, at least one. They begin at a step when that keeps most of them. */
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

function merge(lines: readonly RenderedEntry[]): ContextMessage[] {
  const messages: ContextMessage[] = []
  for (const { role, text, files } of lines) {
    const last = messages.at(-1)
    if (text.trim() === '')
      continue
    const block = { kind: 'text' as const, text }
    // Files come first, because Claude reads them best before the question about them.
    if (role === 'user' && last?.role === 'user')
      last.content.push(...files, block)
    else if (role === 'assistant' && last?.role === 'assistant')
      last.content.push(block)
    else
      messages.push(role === 'user' ? { role, content: [...files, block] } : { role, content: [block] })
  }
  return messages
}
