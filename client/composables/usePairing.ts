import type { LinkSecret } from '../state/session.ts'
import { onScopeDispose, ref } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'
import { deviceName, pair } from '../state/session.ts'
import { useProblem } from './useProblem.ts'

/** A slow poll is enough while a person compares two screens. */
const POLL_EVERY_MS = 1_500

/**
 * Pairs this device with a secret from a link or from the input: a setup
 * secret at once, an invitation's code after the pairing phrase was compared.
 */
export function usePairing(fromLink: LinkSecret | null, onPaired: () => void) {
  const secret = ref(fromLink?.secret ?? '')
  const name = ref(deviceName(navigator.userAgent))
  const busy = ref(false)
  const { problem, attempt } = useProblem(AccessError)
  /** The pairing phrase that both screens show; null before the code was claimed. */
  const phrase = ref<string | null>(null)
  const confirmed = ref(false)
  let claim = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  async function submit() {
    if (busy.value)
      return
    busy.value = true
    problem.value = null
    if ((fromLink?.kind === 'pair' && secret.value === fromLink.secret) || isCode(secret.value))
      await claimInvitation()
    else
      await pairWithSecret()
    busy.value = false
  }

  async function pairWithSecret() {
    const result = await pair((...args) => fetch(...args), secret.value.trim(), name.value.trim())
    problem.value = result.ok ? null : result.message
    if (result.ok)
      onPaired()
  }

  async function claimInvitation() {
    await attemptOrReset(async () => {
      const claimed = await accessApi.claimPairing(secret.value.trim(), name.value.trim())
      claim = claimed.claim
      phrase.value = claimed.phrase
    })
  }

  /** The person confirmed the phrase on this device; it polls for the confirmation on the other one. */
  async function confirm() {
    confirmed.value = true
    await attemptOrReset(async () => {
      if ((await accessApi.finishPairing(claim)).state === 'paired')
        return onPaired()
      timer = setTimeout(confirm, POLL_EVERY_MS)
    })
  }

  async function attemptOrReset(act: () => Promise<void>) {
    if (!await attempt(act))
      reset()
  }

  function reset() {
    clearTimeout(timer)
    phrase.value = null
    confirmed.value = false
    secret.value = ''
  }

  return { secret, name, busy, problem, phrase, confirmed, submit, confirm, reset }
}

/** Whether the input is an invitation's code (`4KX7-09TB`); a setup secret is longer. */
function isCode(typed: string): boolean {
  return typed.replaceAll(/[\s-]/g, '').length === 8
}
