import type { ShallowRef } from 'vue'
import type { TextPiece } from '../lib/streamed-text.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import { shallowReactive } from 'vue'
import { withPiece, withPieces } from '../lib/streamed-text.ts'

export interface LiveTexts {
  add: (key: string, piece: TextPiece) => void
  /** A reply's text so far: its row, and the frames that came after the row was written. */
  textOf: (entry: ThreadEntry) => string
  /** Forgets the frames of replies that are complete. */
  prune: (thread: readonly ThreadEntry[]) => void
}

export function createLiveTexts(thread: Readonly<ShallowRef<readonly ThreadEntry[]>>): LiveTexts {
  const pieces = shallowReactive(new Map<string, readonly TextPiece[]>())
  return {
    add(key, piece) {
      const known = thread.value.find(entry => entry.key === key)
      if (!known || isStreaming(known))
        pieces.set(key, withPiece(pieces.get(key) ?? [], piece))
    },
    textOf(entry) {
      const { message } = entry
      if (message.kind !== 'claude')
        return 'text' in message ? message.text : ''
      return isStreaming(entry) ? withPieces(message.text, pieces.get(entry.key) ?? []) : message.text
    },
    prune(entries) {
      for (const key of pieces.keys()) {
        const entry = entries.find(other => other.key === key)
        if (entry && !isStreaming(entry))
          pieces.delete(key)
      }
    },
  }
}

function isStreaming({ message }: ThreadEntry): boolean {
  return message.kind === 'claude' && message.state === 'streaming'
}
