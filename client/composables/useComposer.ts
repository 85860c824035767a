import { until, useLocalStorage } from '@vueuse/core'
import { nanoid } from 'nanoid'
import { computed, shallowRef } from 'vue'
import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { Refused } from '#shared/model/refusal.ts'
import { trimText } from '../lib/trim-text.ts'
import { useDraftFiles } from './useDraftFiles.ts'
import { useMainloop } from './useMainloop.ts'

/** The message input. Its draft survives a reload, and is cleared only once the message is stored on this device. */
export function useComposer() {
  const { mutate, rows } = useMainloop()
  const draft = useLocalStorage('mainloop.draft', '')
  const attached = useDraftFiles()
  const problem = shallowRef<string | null>(null)
  const text = computed(() => trimText(draft.value))
  const isEmpty = computed(() => text.value === '' && attached.files.value.length === 0 && !attached.reading.value)
  const canSend = computed(() => !isEmpty.value && !tooLong.value)
  const tooLong = computed(() => lengthProblem(text.value))
  const running = computed(() => {
    const turn = rows.turn.value
    return turn?.state === 'running' || turn?.state === 'waiting' ? turn.id : null
  })

  async function send() {
    if (attached.reading.value) {
      await until(attached.reading).toBe(false)
      // A file that could not be read leaves a problem; then the person must decide to send without it.
      if (attached.problem.value)
        return false
    }
    if (!canSend.value)
      return false
    const sent = draft.value
    const files = attached.files.value
    draft.value = ''
    attached.files.value = []
    try {
      await mutate.sendMessage({ id: nanoid(), text: trimText(sent), ...(files.length > 0 && { files }) })
      problem.value = null
      return true
    }
    catch (error) {
      draft.value = sent
      attached.files.value = files
      problem.value = error instanceof Refused
        ? error.message
        : 'This device could not keep the message. Your text is still here.'
      if (!(error instanceof Refused))
        throw error
      return false
    }
  }

  async function stop() {
    if (running.value === null)
      return
    await mutate.stopTurn({ turn: running.value }).catch((error: unknown) => {
      // The reply ended by itself before the call, so there is nothing to stop.
      if (!(error instanceof Refused))
        throw error
    })
  }

  /** Inserts a text before the current draft: a refused message, a suggestion or dropped text. */
  function insert(added: string) {
    draft.value = draft.value.trim() === '' ? added : `${added}\n\n${draft.value}`
  }

  return {
    draft,
    attached,
    canSend,
    problem: computed(() => tooLong.value ?? attached.problem.value ?? problem.value),
    running,
    send,
    stop,
    insert,
  }
}

/** The problem with a text over the limit; null within it. */
function lengthProblem(text: string): string | null {
  if (text.length <= MAX_MESSAGE_LENGTH)
    return null
  const { format } = new Intl.NumberFormat('en-US')
  const counts = `This has ${format(text.length)} characters; a message can have ${format(MAX_MESSAGE_LENGTH)}.`
  return `${counts} Your text is kept: shorten it, or put it in a file of the repository.`
}
