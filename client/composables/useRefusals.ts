import type { Refusal } from '#shared/model/refusal.ts'
import { computed } from 'vue'
import { clientOf } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

const TITLE: Record<string, string> = {
  sendMessage: 'Not delivered:',
  decideTask: 'Not done:',
  stopTurn: 'Not stopped:',
  retryTurn: 'Not tried again:',
}

/** The refusals of this device's mutations, until the person has dismissed them. */
export function useRefusals() {
  const { rows, mutate, isOwn } = useMainloop()
  return {
    refusals: computed(() =>
      rows.refusals.value
        .filter(refusal => isOwn(clientOf(refusal)))
        .map((refusal: Refusal) => ({ ...refusal, title: TITLE[refusal.mutation] ?? 'Not saved:' })),
    ),
    dismiss: (id: string) => mutate.dismissRefusal({ id }),
  }
}
