import type { PairingView } from '#shared/protocol/access.ts'
import { expect, test } from 'vitest'
import { createEdgeApi } from '../edge-api/edge-api.ts'
import { pairDevice } from './pair-device.ts'

const claimed: PairingView = { state: 'claimed', name: 'Phone', phrase: 'amber otter piano' }

test.each([
  ['a device that the person confirms is accepted', [{ state: 'open' }, claimed], true, 'paired', ['accept']],
  ['a device that the person does not confirm is refused', [claimed], false, 'refused', ['refuse']],
  ['an unused code asks no question', [{ state: 'open' }, { state: 'over' }], true, 'expired', []],
] satisfies [string, PairingView[], boolean, string, string[]][])('%s', async (_, views, yes, outcome, expected) => {
  const printed: string[] = []
  const answers: string[] = []
  const questions: string[] = []
  const left = [...views]
  const api = {
    offerPairing: async () => ({ id: 'p1', code: 'the-code', short: '4KX7-09TB', expiresAt: 0 }),
    readPairing: async () => left.shift() ?? { state: 'over' as const },
    answerPairing: async (_: string, accept: boolean) => {
      answers.push(accept ? 'accept' : 'refuse')
      return { state: 'over' as const }
    },
  }
  const confirm = async (question: string) => {
    questions.push(question)
    return yes
  }
  const deps = { api, edge: 'https://edge.example', say: (line: string) => printed.push(line), confirm, pollMs: 0 }
  expect(await pairDevice(deps, new AbortController().signal)).toBe(outcome)
  expect(printed.join('\n')).toContain('https://edge.example/#pair=the-code')
  expect(printed.join('\n')).toContain('4KX7-09TB')
  expect(answers).toEqual(expected)
  expect(questions).toEqual(expected.length > 0 ? [expect.stringContaining('amber otter piano')] : [])
})

test.each([
  [
    'the edge\'s own message',
    async () => Response.json({ error: { message: 'Several codes are open already.' } }, { status: 429 }),
    'Several codes are open already.',
  ],
  ['the edge\'s unexpected status', async () => new Response('<html>', { status: 502 }), 'https://edge.example answered with 502.'],
  ['that the edge cannot be reached', async () => Promise.reject(new TypeError('fetch failed')), 'https://edge.example cannot be reached.'],
])('a refusal says %s', async (_, ask, says) => {
  await expect(createEdgeApi({ edge: 'https://edge.example', token: 'secret', ask }).offerPairing()).rejects.toThrow(says)
})
