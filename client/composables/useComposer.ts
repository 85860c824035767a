import { until, useLocalStorage } from '@vueuse/core'
import { nanoid } from 'nanoid'
import { computed, shallowRef } from 'vue'
import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { Refused } from '#shared/model/refusal.ts'
import { useDraftFiles } from './useDraftFiles.ts'
import { useMainloop } from './useMainloop.ts'

/** The input: its draft survives a reload, and empties only when the message is safe on this device. */
export function useComposer() {
  const { mutate, rows } = useMainloop()
  const draft = useLocalStorage('mainloop.draft', '')
  const attached = useDraftFiles()
  const problem = shallowRef<string | null>(null)
  const text = computed(() => draft.value.trim())
  const canSend = computed(
    () => (text.value !== '' || attached.files.value.length > 0 || attached.reading.value) && !tooLong.value,
  )
  const tooLong = computed(() => lengthProblem(text.value))
  const running = computed(() => {
    const turn = rows.turn.value
    return turn?.state === 'running' || turn?.state === 'waiting' ? turn.id : null
  })

  async function send() {
    if (attached.reading.value) {
      await until(attached.reading).toBe(false)
      // What was still being read goes along, or the message waits for the person to decide without it.
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
      await mutate.sendMessage({ id: nanoid(), text: sent.trim(), ...(files.length > 0 && { files }) })
      problem.value = null
      return true
    }
    catch (error) {
      draft.value = sent
      attached.files.value = files
      problem.value
        = error instanceof Refused ? error.message : 'This device could not keep the message. Your text is still here.'
      if (!(error instanceof Refused))
        throw error
      return false
    }
  }

  async function stop() {
    if (running.value === null)
      return
    await mutate.stopTurn({ turn: running.value }).catch((error: unknown) => {
      // The reply ended between the key and the call: what the person wanted is so.
      if (!(error instanceof Refused))
        throw error
    })
  }

  /** Words that were not delivered come back before what is being written. */
  function restore(words: string) {
    draft.value = draft.value.trim() === '' ? words : `${words}\n\n${draft.value}`
  }

  return {
    draft,
    attached,
    canSend,
    problem: computed(() => tooLong.value ?? attached.problem.value ?? problem.value),
    running,
    send,
    stop,
    restore,
  }
}

/** Why a message cannot be sent as it is; null when it can. */
function lengthProblem(text: string): string | null {
  if (text.length <= MAX_MESSAGE_LENGTH)
    return null
  const number = new Intl.NumberFormat('en-US')
  return `This has ${number.format(text.length)} characters; a message can have ${number.format(MAX_MESSAGE_LENGTH)}. Your text is kept: shorten it, or put it in a file of the repository.`
}
