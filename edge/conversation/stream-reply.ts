import type { ModelEnd, ModelRequest } from '../model/model.ts'
import type { TurnDeps } from './turn-deps.ts'
import type { TurnRecord } from './turn-record.ts'
import { NO_USAGE } from '../model/model.ts'
import { saveTurn } from './turn-record.ts'
import { writeReply } from './write-reply.ts'

/** A checkpoint after either limit: a crash loses at most so much text. Each sends the whole reply to every device. */
const CHECKPOINT_LENGTH = 2_000
const CHECKPOINT_MS = 5_000

/**
 * Streams one reply to the devices and, at checkpoints, into its row. The first text replaces the text of an
 * earlier try in the row, and its frame begins at 0 again, so that frames and row always have the same text.
 */
export async function streamReply(
  deps: TurnDeps,
  { turn, request, signal }: { turn: TurnRecord, request: ModelRequest, signal: AbortSignal },
): Promise<{ text: string, end: ModelEnd }> {
  const { store, model, broadcast, now, newId } = deps
  let key: string | null = null
  let text = ''
  let saved = { length: 0, at: 0 }

  const checkpoint = () =>
    store.commit(async (tx) => {
      const written = await writeReply(tx, { turn: turn.id, key: key ?? turn.reply, text, state: 'streaming' }, newId)
      if (written !== turn.reply && key === null)
        tx.sideWrite(sql => saveTurn(sql, { ...turn, reply: written }))
      saved = { length: text.length, at: tx.now }
      return written
    })

  for await (const event of model(request, signal)) {
    if (event.kind === 'end')
      return { text, end: event }
    const offset = text.length
    text += event.text
    if (key === null && text !== '')
      key = await checkpoint()
    if (key !== null)
      broadcast({ type: 'text', key, offset, text: event.text })
    if (text.length - saved.length >= CHECKPOINT_LENGTH || now() - saved.at >= CHECKPOINT_MS)
      await checkpoint()
  }
  const failure = { kind: 'cut' as const, message: 'The reply broke off. Try again.' }
  return { text, end: { kind: 'end', stop: 'error', failure, usage: NO_USAGE } }
}
