import type { Message } from '#shared/model/message.ts'
import { countTokens } from '../text/count-tokens.ts'
import { renderUnseenFiles } from './render-file.ts'

/** Role, label and separators of one message. Tokens. */
export const MESSAGE_OVERHEAD = 8

/**
 * The tokens of a message whose files are only named, the most that its text can take. Compaction and the live
 * window both count by this: if they counted differently, a message could be neither live nor summarised.
 */
export function messageTokens(message: Message, text: string): number {
  const files = message.kind === 'person' ? message.files ?? [] : []
  return MESSAGE_OVERHEAD + countTokens(renderUnseenFiles(files) + text)
}
