import { useLocalStorage } from '@vueuse/core'
import { shallowRef } from 'vue'
import { readSession } from '../state/session.ts'

/** `revoked`: the device was paired before, and the edge no longer knows it. */
type PairingStatus = 'known' | 'revoked' | 'unknown'

/**
 * The device's person and pairing status. A paired device starts from its rows at once
 * and hears from the edge if it was revoked; a device without a person asks first.
 */
export function useSession() {
  /**
   * The person whose rows are on this device. Empty before the
   * pairing; kept after a revocation, for the unsent changes.
   */
  const person = useLocalStorage('mainloop.person', '')
  const status = shallowRef<PairingStatus | null>(person.value === '' ? null : 'known')

  async function refresh() {
    const answer = await readSession((...args) => fetch(...args))
    if (answer.session === 'known') {
      person.value = answer.person
      status.value = 'known'
    }
    else if (answer.session === 'unknown') {
      status.value = person.value === '' ? 'unknown' : 'revoked'
    }
    else {
      status.value ??= 'unknown'
    }
  }
  void refresh()

  return {
    person,
    status,
    refresh,
    /** The edge closed the live socket for it; asking again might have to wait for a connection. */
    revoked: () => void (status.value = 'revoked'),
    pairAgain: () => void (status.value = 'unknown'),
    /** The person's data was erased from the device. */
    forgotten() {
      person.value = ''
      status.value = 'unknown'
    },
  }
}
