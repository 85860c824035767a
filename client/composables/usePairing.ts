import type { LinkSecret } from '../state/session.ts'
import { onScopeDispose, ref } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'
import { deviceName, pair } from '../state/session.ts'
import { useProblem } from './useProblem.ts'

/** While a person looks from one screen to the other. */
const POLL_EVERY_MS = 1_500

/**
 * Pairing by what a link has brought or by hand: with a setup secret at
 * once, with the code of an invitation once the words were compared.
 */
export function usePairing(given: LinkSecret | null, onPaired: () => void) {
  const secret = ref(given?.secret ?? '')
  const name = ref(deviceName(navigator.userAgent))
  const busy = ref(false)
  const { problem, attempt } = useProblem(AccessError)
  /** The words that both screens show; null before the code was shown. */
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
    if ((given?.kind === 'pair' && secret.value === given.secret) || isCode(secret.value))
      await showCode()
    else
      await showSecret()
    busy.value = false
  }

  async function showSecret() {
    const result = await pair((...args) => fetch(...args), secret.value.trim(), name.value.trim())
    problem.value = result.ok ? null : result.message
    if (result.ok)
      onPaired()
  }

  async function showCode() {
    await attemptOrStartAgain(async () => {
      const claimed = await accessApi.claimPairing(secret.value.trim(), name.value.trim())
      claim = claimed.claim
      phrase.value = claimed.phrase
    })
  }

  /** The person here has seen the same words there; now it waits for the person there. */
  async function confirm() {
    confirmed.value = true
    await attemptOrStartAgain(async () => {
      if ((await accessApi.finishPairing(claim)).state === 'paired')
        return onPaired()
      timer = setTimeout(confirm, POLL_EVERY_MS)
    })
  }

  async function attemptOrStartAgain(act: () => Promise<void>) {
    if (!await attempt(act))
      startAgain()
  }

  function startAgain() {
    clearTimeout(timer)
    phrase.value = null
    confirmed.value = false
    secret.value = ''
  }

  return { secret, name, busy, problem, phrase, confirmed, submit, confirm, startAgain }
}

/** `4KX7-09TB`: a setup secret is longer. */
function isCode(typed: string): boolean {
  return typed.replaceAll(/[\s-]/g, '').length === 8
}
