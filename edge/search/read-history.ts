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

/** Messages on each side: what led to it and what came of it. */
const EACH = 8

/** A neighbour says what it was about; who wants it whole asks for it. Tokens. */
const NEIGHBOUR_TOKENS = 300

/** Fences and labels beyond those of the texts. Tokens. */
const OVERHEAD = 200

/**
 * A message with what was said around it, within one result of a tool;
 * or one part of a long message. Throws `Refused` for what is not there.
 */
export function readHistory(sql: SqlStorage, sequence: number, part?: number): string {
  const [asked] = oldestMessages(sql, { after: sequence - 1, through: sequence })
  if (!asked)
    throw new Refused('not-found', `There is no message ${sequence}. Search first; each result says its number.`)
  const text = readAsked(asked, part)
  return part === undefined ? withNeighbours(sql, asked, text) : text
}

function readAsked(asked: StoredMessage, part = 1): string {
  const text = messageText(asked.message)
  const parts = partStarts(text).length
  const piece = readPart(text, part)
  if (piece === undefined) {
    throw new Refused(
      'not-found',
      `Message ${asked.sequence} has ${parts === 1 ? 'one part' : `${parts} parts`}; there is no part ${part}.`,
    )
  }
  const more = part < parts ? `; the next one: part ${part + 1}` : ''
  return say(asked, piece, parts === 1 ? '' : ` (part ${part} of ${parts}${more})`)
}

/** The nearest first, as long as there is room. */
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
    lines.push(
      say(
        neighbour,
        cutText(messageText(neighbour.message), NEIGHBOUR_TOKENS, () => `; read it with around ${neighbour.sequence}`),
      ),
    )
    if (lines.length === EACH)
      break
  }
  return lines
}

function say({ sequence, message }: StoredMessage, text: string, which = ''): string {
  const place = `Message ${sequence}${which}, ${new Date(message.at).toISOString().slice(0, 16).replace('T', ' ')}`
  switch (message.kind) {
    case 'person': return `${place}, the person: ${text}`
    case 'claude': return `${place}, you: ${text}`
    case 'task': return `${place}: task ${message.task} was proposed.`
    case 'event': return `${place}, task ${message.task}:\n${untrusted('task event', text)}`
    default: return unreachable(message)
  }
}
