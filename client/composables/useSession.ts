import { useLocalStorage } from '@vueuse/core'
import { shallowRef } from 'vue'
import { readSession } from '../state/session.ts'

/** `revoked`: it was paired once, and the edge does not know it any more. */
type PairingStatus = 'known' | 'revoked' | 'unknown'

/**
 * Who this device is. A device that was paired starts from its own rows at once,
 * and learns from the edge if that ended; only a device that never was asks first.
 */
export function useSession() {
  /**
   * Whose rows are on this device; empty before it was paired, and kept after it was revoked, with what was not sent.
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
    /** The edge has said so itself; asking again may have to wait for a connection. */
    revoked: () => void (status.value = 'revoked'),
    pairAgain: () => void (status.value = 'unknown'),
    /** Nothing of this person is left on the device. */
    forgotten() {
      person.value = ''
      status.value = 'unknown'
    },
  }
}
