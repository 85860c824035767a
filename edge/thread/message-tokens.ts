import type { Message } from '#shared/model/message.ts'
import { countTokens } from '../text/count-tokens.ts'
import { renderUnseenFiles } from './render-file.ts'

/** Role, label and separators of one message. Tokens. */
export const MESSAGE_OVERHEAD = 8

/**
 * What a message takes in a request when none of its files are shown, which is the
 * most its text can take. By this, compaction waits and the live window is chosen;
 * where the two counted differently, messages could be neither shown nor summarised.
 */
export function messageTokens(message: Message, text: string): number {
  const files = message.kind === 'person' ? message.files ?? [] : []
  return MESSAGE_OVERHEAD + countTokens(renderUnseenFiles(files) + text)
}
