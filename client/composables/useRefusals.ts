import type { Refusal } from '#shared/model/refusal.ts'
import { computed } from 'vue'
import { clientOf } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

const WHAT: Record<string, string> = {
  sendMessage: 'Not delivered:',
  decideTask: 'Not done:',
  stopTurn: 'Not stopped:',
  retryTurn: 'Not tried again:',
}

/** Changes of this device that the edge did not accept, until the person has seen them. */
export function useRefusals() {
  const { rows, mutate, isOwn } = useMainloop()
  return {
    refusals: computed(() =>
      rows.refusals.value
        .filter(refusal => isOwn(clientOf(refusal)))
        .map((refusal: Refusal) => ({ ...refusal, what: WHAT[refusal.mutation] ?? 'Not saved:' })),
    ),
    dismiss: (id: string) => mutate.dismissRefusal({ id }),
  }
}
