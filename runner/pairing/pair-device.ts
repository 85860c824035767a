import type { EdgeApi } from '../edge-api/edge-api.ts'
import { renderUnicodeCompact } from 'uqr'
import { sleep } from '../lib/sleep.ts'

/** The person needs longer than this to pick up the other device. */
const POLL_MS = 1_500

export interface PairDeps {
  api: Pick<EdgeApi, 'offerPairing' | 'readPairing' | 'answerPairing'>
  edge: string
  say: (line: string) => void
  /** Asks the person a yes-or-no question. */
  confirm: (question: string) => Promise<boolean>
  pollMs?: number
}

/**
 * Invites one device: shows the code, waits for a device that claims it, and accepts that device if the person sees
 * the same words on both screens.
 */
export async function pairDevice(
  { api, edge, say, confirm, pollMs = POLL_MS }: PairDeps,
  signal: AbortSignal,
): Promise<'paired' | 'refused' | 'expired'> {
  const { id, code, short } = await api.offerPairing()
  const link = `${edge}/#pair=${code}`
  say(renderUnicodeCompact(link))
  say(`Scan this with the new device, open ${link} there, or type ${short} into ${edge}. `
    + 'It is good for ten minutes and one device.')

  let view = await api.readPairing(id)
  while (view.state === 'open' && !signal.aborted) {
    await sleep(pollMs, signal)
    view = await api.readPairing(id)
  }
  if (view.state !== 'claimed')
    return 'expired'
  const isSame = await confirm(`"${view.name}" wants to come in. Does it show the words "${view.phrase}"?`)
  await api.answerPairing(id, isSame)
  return isSame ? 'paired' : 'refused'
}
