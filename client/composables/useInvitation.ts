import type { PairingOffer, PairingView } from '#shared/protocol/access.ts'
import { onScopeDispose, shallowRef } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'
import { useProblem } from './useProblem.ts'

/** A slow poll is enough while a person fetches the other device. */
const POLL_EVERY_MS = 1_500

/** Adds a device: an open invitation, its claim, and the person's answer. */
export function useInvitation(onDone: () => void) {
  const offer = shallowRef<PairingOffer | null>(null)
  const view = shallowRef<PairingView | null>(null)
  const { problem, attempt } = useProblem(AccessError)
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  async function invite() {
    await attempt(async () => {
      offer.value = await accessApi.offerPairing()
      view.value = { state: 'open' }
      timer = setTimeout(poll, POLL_EVERY_MS)
    })
  }

  async function poll() {
    await attempt(async () => {
      const { value: open } = offer
      if (!open)
        return
      view.value = await accessApi.pairing(open.id)
      if (view.value.state === 'open' || view.value.state === 'accepted')
        timer = setTimeout(poll, POLL_EVERY_MS)
      else if (view.value.state === 'over')
        close()
    })
  }

  async function answer(accept: boolean) {
    await attempt(async () => {
      clearTimeout(timer)
      if (offer.value)
        view.value = await accessApi.answerPairing(offer.value.id, accept)
      // The device is on the list once it has finished pairing.
      await poll()
    })
  }

  function close() {
    offer.value = null
    view.value = null
    onDone()
  }

  return { offer, view, problem, invite, answer }
}
