import { useNow } from '@vueuse/core'
import { computed } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

/** The state of the turn, where the thread itself does not show it. */
export type TurnView
  = | { kind: 'hidden' }
    | { kind: 'thinking', message: string }
    | { kind: 'waiting', turn: string, message: string }
    | { kind: 'failed', turn: string, message: string }

export function useTurn() {
  const { rows, texts, mutate } = useMainloop()
  const now = useNow({ interval: 1000 })

  const view = computed((): TurnView => {
    const turn = rows.turn.value
    switch (turn?.state) {
      case undefined:
      case 'idle':
        return awaited.value === null
          ? { kind: 'hidden' }
          : { kind: 'thinking', message: `Claude answers when ${awaited.value} is there.` }
      case 'running':
        return speaking.value ? { kind: 'hidden' } : { kind: 'thinking', message: 'Thinking …' }
      case 'stopping':
        return { kind: 'thinking', message: 'Stopping …' }
      case 'waiting': {
        const seconds = Math.max(0, Math.ceil((turn.until - now.value.getTime()) / 1000))
        return { kind: 'waiting', turn: turn.id, message: `${turn.why} Goes on by itself in ${seconds} s.` }
      }
      case 'failed':
        return { kind: 'failed', turn: turn.id, message: turn.why }
    }
    return { kind: 'hidden' }
  })

  /** The name of a file that must be uploaded before Claude answers the last message. */
  const awaited = computed(() => {
    const last = rows.thread.value.at(-1)
    if (last?.message.kind !== 'person' || last.pending)
      return null
    return last.message.files?.find(({ state }) => state === 'coming')?.file.name ?? null
  })

  /** A streaming reply with text shows the turn's state better than a sentence. */
  const speaking = computed(() => {
    const last = rows.thread.value.findLast(({ message }) => message.kind === 'claude')
    return last?.message.kind === 'claude' && last.message.state === 'streaming' && texts.textOf(last) !== ''
  })

  async function retry(turn: string) {
    await mutate.retryTurn({ turn }).catch((error: unknown) => {
      // Another device retried the turn first; its result is about to arrive.
      if (!(error instanceof Refused))
        throw error
    })
  }

  return { view, retry }
}
