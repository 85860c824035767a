import type { MessageFile } from '#shared/model/attachment.ts'
import type { Json } from '#shared/model/json.ts'
import type { Message } from '#shared/model/message.ts'
import type { Model, ModelEnd, ModelRequest } from '../../model/model.ts'
import type { EdgeTx, Store } from '../../store/store.ts'
import { messageKey } from '#shared/model/message.ts'
import { NO_USAGE } from '../../model/model.ts'
import { lastMessageSequence } from '../../store/overlay.ts'

const DAY_MS = 86_400_000

/** Adds answered messages of person and Claude in turn, a hundred per day; the person's have `files`. */
export async function addMessages(store: Store, texts: readonly string[], files: MessageFile[] = []): Promise<void> {
  const first = lastMessageSequence(store.sql) + 1
  await store.commit(async (tx) => {
    for (const [n, text] of texts.entries())
      await tx.set(messageKey(first + n), message(first + n, text, files) satisfies Json)
    answer(tx, first + texts.length - 1)
  })
}

function message(sequence: number, text: string, files: MessageFile[]): Message {
  const base = { id: `m${sequence}`, at: Date.UTC(2026, 0, 1) + Math.floor(sequence / 100) * DAY_MS, text }
  return sequence % 2 === 1
    ? { ...base, kind: 'person', ...(files.length > 0 && { files }) }
    : { ...base, kind: 'claude', turn: `turn ${sequence}`, state: 'done' }
}

function answer(tx: EdgeTx, through: number): void {
  tx.sideWrite(sql =>
    sql.exec('INSERT INTO meta (key, value) VALUES (\'answered_through\', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', String(through)),
  )
}

/** A summariser with scripted replies, which records its requests. */
export function summariserOf(answerTo: (request: ModelRequest) => Omit<ModelEnd, 'kind' | 'usage'>): { id: string, model: Model, requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  return {
    id: 'claude-haiku-5-5',
    requests,
    async* model(request) {
      requests.push(request)
      yield { kind: 'end', usage: { ...NO_USAGE, inputTokens: 100 }, ...answerTo(request) } as ModelEnd
    },
  }
}

export function keeping(summary: { decided?: string[], promised?: string[], open?: string[], facts?: string[] }): Omit<ModelEnd, 'kind' | 'usage'> {
  const input = { decided: [], promised: [], open: [], facts: [], ...summary }
  return { stop: 'tools', content: [{ kind: 'tool-call', id: 'call', name: 'keep_summary', input }] } as Omit<ModelEnd, 'kind' | 'usage'>
}
