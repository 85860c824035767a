import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { defineCommand } from 'citty'
import { pageAddress } from '../pairing/page-address.ts'
import { pairDevice } from '../pairing/pair-device.ts'
import { withEdge } from './with-edge.ts'

const OUTCOME = {
  paired: 'It is paired.',
  refused: 'It was turned away, and the code is void.',
  expired: 'Nobody used the code. Run this again for another one.',
}

export const pairCommand = defineCommand({
  meta: {
    name: 'pair',
    description: 'Invite a device: shows a QR code, a link and a code to type, and asks whether it is the right one',
  },
  run: () =>
    withEdge(async (api, edge) => {
      const stop = new AbortController()
      process.once('SIGINT', () => stop.abort())
      const outcome = await pairDevice(
        { api, edge: pageAddress(edge), say: console.log, confirm: askYesNo },
        stop.signal,
      )
      console.log(OUTCOME[outcome])
      process.exitCode = outcome === 'paired' ? 0 : 1
    }),
})

async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(?:es)?$/i.test(answer.trim())
}
