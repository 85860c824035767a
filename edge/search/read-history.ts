import type { StoredMessage } from '../thread/read-messages.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { Refused } from '#shared/model/refusal.ts'
import { messageText } from '#shared/search/message-text.ts'
import { untrusted } from '#shared/text/untrusted.ts'
import { countTokens } from '../text/count-tokens.ts'
import { cutText } from '../text/cut-text.ts'
import { partStarts, readPart } from '../text/text-parts.ts'
import { RESULT_TOKENS } from '../text/token-budgets.ts'
import { newestMessages, oldestMessages } from '../thread/read-messages.ts'

/** Messages before and after, for the context. */
const EACH = 8

/** A neighbour is cut to its subject; the model can read it whole with another call. Tokens. */
const NEIGHBOUR_TOKENS = 300

/** Marks and labels. Tokens. */
const OVERHEAD = 200

/**
 * A message with its neighbours, or one part of a long message, within the limit of
 * a tool's result. Throws `Refused` for an unknown message or part.
 */
export function readHistory(sql: SqlStorage, sequence: number, part?: number): string {
  const [stored] = oldestMessages(sql, { after: sequence - 1, through: sequence })
  if (!stored)
    throw new Refused('not-found', `There is no message ${sequence}. Search first; each result says its number.`)
  const text = readStored(stored, part)
  return part === undefined ? withNeighbours(sql, stored, text) : text
}

function readStored(stored: StoredMessage, part = 1): string {
  const text = messageText(stored.message)
  const parts = partStarts(text).length
  const piece = readPart(text, part)
  if (piece === undefined) {
    const count = parts === 1 ? 'one part' : `${parts} parts`
    throw new Refused('not-found', `Message ${stored.sequence} has ${count}; there is no part ${part}.`)
  }
  const more = part < parts ? `; the next one: part ${part + 1}` : ''
  return label(stored, piece, parts === 1 ? '' : ` (part ${part} of ${parts}${more})`)
}

/** Adds neighbours, the nearest first, while there is room. */
function withNeighbours(sql: SqlStorage, { sequence }: StoredMessage, text: string): string {
  const before = neighbours(newestMessages(sql, { after: 0, through: sequence - 1 }))
  const after = neighbours(oldestMessages(sql, { after: sequence }))
  const lines = [text]
  let room = RESULT_TOKENS - OVERHEAD - countTokens(text)
  for (let distance = 0; distance < EACH; distance++) {
    for (const [line, add] of [[before[distance], 'unshift'], [after[distance], 'push']] as const) {
      room -= countTokens(line ?? '')
      if (room < 0)
        return lines.join('\n\n')
      if (line !== undefined)
        lines[add](line)
    }
  }
  return lines.join('\n\n')
}

function neighbours(stored: Iterable<StoredMessage>): string[] {
  const lines: string[] = []
  for (const neighbour of stored) {
    const { sequence, message } = neighbour
    const text = cutText(messageText(message), NEIGHBOUR_TOKENS, () => `; read it with around ${sequence}`)
    lines.push(label(neighbour, text))
    if (lines.length === EACH)
      break
  }
  return lines
}

function label({ sequence, message }: StoredMessage, text: string, which = ''): string {
  const place = `Message ${sequence}${which}, ${new Date(message.at).toISOString().slice(0, 16).replace('T', ' ')}`
  switch (message.kind) {
    case 'person': return `${place}, the person: ${text}`
    case 'claude': return `${place}, you: ${text}`
    case 'task': return `${place}: task ${message.task} was proposed.`
    case 'event': return `${place}, task ${message.task}:\n${untrusted('task event', text)}`
    default: return unreachable(message)
  }
}
